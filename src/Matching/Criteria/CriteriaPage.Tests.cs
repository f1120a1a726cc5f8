using System.Text;
using Microsoft.Data.Sqlite;
using Yagura.Matching;
using Yagura.Matching.Criteria;
using Yagura.Matching.Criteria.Sql;

namespace Yagura.Tests.Matching;

/// <summary>What <c>docs/patterns-criteria.md</c> shows is so.</summary>
public sealed class CriteriaPageTests
{
    private static readonly Tables Page = new("docs/patterns-criteria.md");

    public static TheoryData<string, string, string> Examples() => [.. Page.Rows(3).Select(row => (row[0], row[1], row[2]))];

    public static TheoryData<string, string> Refused() => [.. Page.Rows(2).Select(row => (row[0], row[1]))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Each_line_of_the_tables_is_as_it_says(string criterion, string matching, string other)
    {
        var criteria = Parse($"{{\"criterion\":{criterion}}}");
        Assert.Equal((true, false), (Matches(criteria, matching), Matches(criteria, other)));
        Assert.Equal((true, false), (IsSelected(criteria, matching), IsSelected(criteria, other)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Each_line_of_the_last_table_is_refused_for_the_reason_it_says(string criterion, string reason)
    {
        Assert.False(FindingCriteria.TryParse(Encoding.UTF8.GetBytes($"{{\"criterion\":{criterion}}}"), out _, out var errors));
        Assert.Equal([reason], errors);
    }

    [Fact]
    public void The_criteria_on_the_page_are_read() => Assert.Equal(3, Parse(Page.Lines.Single(line => line.StartsWith("{\"criterion\"", StringComparison.Ordinal))).Conditions.Count);

    [Fact]
    public void The_tables_hold_all_operators() => Assert.Equal(
        Enum.GetValues<FindingOperator>(), Page.Rows(3).SelectMany(row => Parse($"{{\"criterion\":{row[0]}}}").Conditions).SelectMany(condition => condition.Tests).Select(test => test.Operator).Distinct().Order());

    private static FindingCriteria Parse(string json)
    {
        Assert.True(FindingCriteria.TryParse(Encoding.UTF8.GetBytes(json), out var criteria, out var errors), string.Join('\n', errors));
        return criteria;
    }

    private static bool Matches(FindingCriteria criteria, string json)
    {
        var matcher = new Matcher<int>();
        matcher.Add(1, criteria.ToCondition());
        List<int> hits = [];
        Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
        return hits.Count == 1;
    }

    private static bool IsSelected(FindingCriteria criteria, string json)
    {
        using var database = new SqliteConnection("Data Source=:memory:");
        database.Open();
        using var command = database.CreateCommand();
        var condition = CriteriaSql.Render(criteria, SqlDialect.Sqlite, "finding.json", new Dictionary<string, SqlColumn>(StringComparer.Ordinal));
        command.CommandText = $"SELECT count(*) FROM (SELECT @json AS json) AS finding WHERE {condition.Text}";
        command.Parameters.AddWithValue("@json", json);
        foreach (var (name, value) in condition.Parameters) command.Parameters.AddWithValue(name, value);
        return command.ExecuteScalar() is 1L;
    }
}
