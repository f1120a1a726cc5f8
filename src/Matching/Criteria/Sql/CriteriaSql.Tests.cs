using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Data.Sqlite;
using Yagura.Core.Findings;
using Yagura.Matching;
using Yagura.Matching.Criteria;
using Yagura.Matching.Criteria.Sql;

namespace Yagura.Tests.Matching;

public sealed class CriteriaSqlTests(ITestOutputHelper output)
{
    private const int CriteriaEach = 10, FindingsEach = 10; // pairs of one sample: a hundred

    private static readonly Dictionary<string, SqlColumn> NoColumns = [];

    /// <summary><c>YAGURA_MATCH_PAIRS</c> says how many pairs are tried (10,000 by default; the acceptance took 1,000,000) and <c>YAGURA_MATCH_SEED</c> with what.</summary>
    [Fact]
    public void The_matcher_and_sqlite_and_the_plain_reading_agree()
    {
        using var database = OpenSqlite();
        Agree(database, SqlDialect.Sqlite, "json", RandomCriteria.Finding, 10_000);
    }

    [Fact]
    public async Task The_matcher_and_postgresql_and_the_plain_reading_agree()
    {
        await using var server = await Postgres.Start();
        await using var database = await server.Open();
        // jsonb keeps only the last of two keys that are the same.
        Agree(database, SqlDialect.Postgres, "json", RandomCriteria.Finding.Where(HasNoKeyTwice), 5_000);
    }

    private void Agree(DbConnection database, SqlDialect dialect, string column, Gen<string> finding, int usual)
    {
        var pairs = Environment.GetEnvironmentVariable("YAGURA_MATCH_PAIRS") is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : usual;
        var seed = Environment.GetEnvironmentVariable("YAGURA_MATCH_SEED") is { Length: > 0 } given ? given : "0000KOIPe036";
        long tried = 0, hit = 0;
        Gen.Select(RandomCriteria.Criteria.Array[CriteriaEach], finding.Array[FindingsEach]).Sample(
            (criteria, findings) =>
            {
                var parsed = Array.ConvertAll(criteria, Parse);
                var matcher = new Matcher<int>();
                for (var place = 0; place < parsed.Length; place++) matcher.Add(place, parsed[place].ToCondition());
                var buffer = new MatchBuffer();
                var matched = findings.Select(json =>
                {
                    List<int> hits = [];
                    Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), buffer, hits));
                    return hits;
                }).ToList();
                Store(database, findings);
                for (var place = 0; place < parsed.Length; place++)
                {
                    var plain = Enumerable.Range(0, findings.Length).Where(id => NaiveCriteria.Holds(parsed[place], JsonDocument.Parse(findings[id]).RootElement)).ToList();
                    var byMatcher = Enumerable.Range(0, findings.Length).Where(id => matched[id].Contains(place)).ToList();
                    var bySql = Select(database, CriteriaSql.Render(parsed[place], dialect, column, NoColumns));
                    foreach (var id in Enumerable.Range(0, findings.Length))
                    {
                        var answers = (Plain: plain.Contains(id), Matcher: byMatcher.Contains(id), Sql: bySql.Contains(id));
                        if (answers.Plain != answers.Matcher || answers.Plain != answers.Sql) Assert.Fail($"{answers}: {criteria[place]} {findings[id]}");
                    }
                    Interlocked.Add(ref hit, bySql.Count);
                }
                Interlocked.Add(ref tried, CriteriaEach * FindingsEach);
            },
            seed: seed, iter: pairs / (CriteriaEach * FindingsEach), threads: 1);
        output.WriteLine($"{tried:N0} pairs, {hit:N0} of them hits, seed {seed}");
    }

    [Fact]
    public void Columns_say_the_same_as_the_json_does() => Gen.Select(RandomCriteria.Criteria.Array[CriteriaEach], SampleFindings.Any.Array[FindingsEach]).Sample((criteria, findings) =>
    {
        using var database = OpenSqlite();
        Execute(database, "CREATE TABLE hot (id INTEGER, type TEXT, severity REAL, updated INTEGER, account TEXT, region TEXT, archived INTEGER)");
        for (var id = 0; id < findings.Length; id++)
        {
            var one = findings[id];
            Execute(database, "INSERT INTO hot VALUES (@id, @type, @severity, @updated, @account, @region, @archived)", ("@id", id), ("@type", one.Type.Name), ("@severity", one.Severity),
                ("@updated", one.UpdatedAt.ToUnixTimeMilliseconds()), ("@account", one.AccountId), ("@region", one.Region), ("@archived", one.Service.Archived ? 1 : 0));
        }
        Store(database, [.. findings.Select(FindingJson.ToJson).Select(json => json.Replace(@"\u0000", @"\uFFFD", StringComparison.Ordinal))]);
        var columns = new Dictionary<string, SqlColumn>(StringComparer.Ordinal)
        {
            ["type"] = new("hot.type", SqlColumnType.Text), ["severity"] = new("hot.severity", SqlColumnType.Number), ["updatedAt"] = new("hot.updated", SqlColumnType.Milliseconds),
            ["accountId"] = new("hot.account", SqlColumnType.Text), ["region"] = new("hot.region", SqlColumnType.Text), ["service.archived"] = new("hot.archived", SqlColumnType.Flag),
            ["resource.instanceDetails.instanceId"] = new("NULL", SqlColumnType.Text), // never there
        };
        foreach (var parsed in criteria.Select(Parse).Where(parsed => !parsed.Conditions.Any(condition => condition.Path.EndsWith("instanceId", StringComparison.Ordinal))))
        {
            Assert.Equal(Select(database, CriteriaSql.Render(parsed, SqlDialect.Sqlite, "json", NoColumns)), Select(database, CriteriaSql.Render(parsed, SqlDialect.Sqlite, "json", columns), "findings JOIN hot USING (id)"));
        }
        Assert.Empty(Select(database, CriteriaSql.Render(Parse("""{"criterion":{"resource.instanceDetails.instanceId":{"matches":["*"]}}}"""), SqlDialect.Sqlite, "json", columns), "findings JOIN hot USING (id)"));
        Assert.Equal(findings.Length, Select(database, CriteriaSql.Render(Parse("""{"criterion":{"resource.instanceDetails.instanceId":{"notMatches":["*"]}}}"""), SqlDialect.Sqlite, "json", columns), "findings JOIN hot USING (id)").Count);
    }, iter: 20, threads: 1);

    [Fact]
    public void Nothing_that_the_criteria_say_is_in_the_text()
    {
        var (criteria, other) = (Parse("""{"criterion":{"type":{"equals":["a'; DROP TABLE findings --"],"matches":["x?'*"]},"severity":{"greaterThan":4711}}}"""), Parse("""{"criterion":{"type":{"equals":["b","c"],"matches":["y*","z"]},"severity":{"greaterThan":5}}}"""));
        Assert.All([SqlDialect.Sqlite, SqlDialect.Postgres], dialect =>
            Assert.Equal(CriteriaSql.Render(other, dialect, "json", NoColumns).Text, CriteriaSql.Render(criteria, dialect, "json", NoColumns).Text));
        Assert.Equal(
            ["type.", "[\"a\\u0027; DROP TABLE findings --\"]", "type.", "[\"x\\u0027*\",\"x?\\u0027*\"]", "severity.", 4711L],
            CriteriaSql.Render(criteria, SqlDialect.Sqlite, "json", NoColumns).Parameters.Select(parameter => parameter.Value));
    }

    [Fact]
    public void The_largest_criteria_are_not_too_large_for_sqlite()
    {
        using var database = OpenSqlite();
        Store(database, [FindingJson.ToJson(SampleFindings.Connection)]);
        Assert.Empty(Select(database, CriteriaSql.Render(LargestCriteria(), SqlDialect.Sqlite, "json", NoColumns)));
    }

    /// <summary>All that the limits allow: 50 paths, each with every operator and as many values as it takes.</summary>
    internal static FindingCriteria LargestCriteria()
    {
        using var stream = typeof(FindingCriteria).Assembly.GetManifestResourceStream("Yagura.Matching.finding-paths.txt")!;
        var paths = new StreamReader(stream).ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').TakeLast(50);
        var texts = JsonSerializer.Serialize(Enumerable.Range(0, 50).Select(number => $"text {number}"));
        var patterns = JsonSerializer.Serialize(Enumerable.Range(0, 5).Select(number => $"a?b?c?d?e?{number}" + new string('x', 501)));
        return Parse($"{{\"criterion\":{{{string.Join(',', paths.Select(path => $"\"{path}\":{{\"equals\":{texts},\"notEquals\":{texts},\"matches\":{patterns},\"notMatches\":{patterns},\"gt\":1,\"gte\":1,\"lt\":9,\"lte\":9}}"))}}}}}");
    }

    private static SqliteConnection OpenSqlite()
    {
        var database = new SqliteConnection("Data Source=:memory:");
        database.Open();
        Execute(database, "CREATE TABLE findings (id INTEGER PRIMARY KEY, json TEXT NOT NULL)");
        return database;
    }

    private static void Store(DbConnection database, IReadOnlyList<string> findings)
    {
        Execute(database, "DELETE FROM findings");
        for (var id = 0; id < findings.Count; id++)
        {
            Execute(database, $"INSERT INTO findings (id, json) VALUES (@id, {(database is SqliteConnection ? "@json" : "@json::jsonb")})", ("@id", id), ("@json", findings[id]));
        }
    }

    private static List<int> Select(DbConnection database, SqlCondition condition, string from = "findings")
    {
        using var command = Command(database, $"SELECT id FROM {from} WHERE {condition.Text} ORDER BY id", condition.Parameters.Select(parameter => (parameter.Key, parameter.Value)));
        using var rows = command.ExecuteReader();
        var ids = new List<int>();
        while (rows.Read()) ids.Add(rows.GetInt32(0));
        return ids;
    }

    private static void Execute(DbConnection database, string sql, params (string, object)[] parameters)
    {
        using var command = Command(database, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static DbCommand Command(DbConnection database, string sql, IEnumerable<(string Name, object Value)> parameters)
    {
        var command = database.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static bool HasNoKeyTwice(string json)
    {
        using var document = JsonDocument.Parse(json);
        return HasNoKeyTwice(document.RootElement);
    }

    private static bool HasNoKeyTwice(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Select(member => member.Name).Distinct(StringComparer.Ordinal).Count() == json.EnumerateObject().Count() && json.EnumerateObject().All(member => HasNoKeyTwice(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().All(HasNoKeyTwice),
        _ => true,
    };

    private static FindingCriteria Parse(string json)
    {
        Assert.True(FindingCriteria.TryParse(Encoding.UTF8.GetBytes(json), out var criteria, out var errors), json + string.Join('\n', errors));
        return criteria;
    }
}
