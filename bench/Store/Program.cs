using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Yagura.Bench.Store;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Matching.Criteria;
using Yagura.Matching.Criteria.Sql;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Findings;

// Fills a findings store and measures it.
//   Yagura.Bench.Store FOLDER [FINDINGS = 1000000]
// FOLDER is made where it is not there, and filled only if it holds no findings yet. The last lines compare with asking SQLite for the same, without the index.
var folder = args[0];
var findings = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
const int Batch = 1_000, Singles = 3_000, Callers = 32, Asks = 200;

var watch = Stopwatch.StartNew();
await Fill();
await using var database = Database.Open(folder);
watch.Restart();
using var store = await FindingStore.Open(database);
Say("opened", $"{watch.Elapsed.TotalSeconds:0.00} s; {new FileInfo(database.Path).Length / 1e6:N0} MB on disk, process {Memory():N0} MB");

var criteria = new (string Name, string? Criteria)[]
{
    ("no criteria", null),
    ("current", """{"criterion":{"service.archived":{"equals":["false"]}}}"""),
    ("one account, High", """{"criterion":{"accountId":{"equals":["100000007919"]},"severity":{"greaterThanOrEqual":7}}}"""),
    ("one instance", """{"criterion":{"resource.instanceDetails.instanceId":{"equals":["i-00000000000000042"]}}}"""),
    ("nothing, deep path", """{"criterion":{"resource.instanceDetails.networkInterfaces.privateIpAddresses.privateIpAddress":{"equals":["192.0.2.1"]}}}"""),
    ("nothing, deep range", """{"criterion":{"service.action.networkConnectionAction.remotePortDetails.port":{"greaterThan":60000}}}"""),
    ("nothing, two halves", """{"criterion":{"resource.resourceType":{"equals":["Instance"]},"service.action.actionType":{"equals":["AWS_API_CALL"]}}}"""),
    ("nothing, all negated", """{"criterion":{"resource.resourceType":{"notEquals":["Instance","AccessKey","S3Bucket"]}}}"""),
    ("deep range, all kinds", """{"criterion":{"service.action.networkConnectionAction.localPortDetails.port":{"greaterThan":41000,"lessThan":48000},"resource.instanceDetails.tags.value":{"notEquals":["test"]},"service.action.networkConnectionAction.remoteIpDetails.country.countryName":{"equals":["Japan","Kenya"]},"updatedAt":{"greaterThan":1767700000000}}}"""),
    ("pattern on addresses", """{"criterion":{"service.action.networkConnectionAction.remoteIpDetails.ipAddressV4":{"matches":["198.51.*7"]}}}"""),
};
var sorts = new[] { "updatedAt", "severity", "type", "resource.instanceDetails.instanceId" };
foreach (var (name, text) in criteria)
{
    foreach (var sort in sorts)
    {
        var query = new FindingQuery(FindingScope.Everything, text is null ? null : Encoding.UTF8.GetBytes(text)) { SortBy = sort };
        var ids = (await store.List(query)).Ids.Count;
        Say($"list: {name}, by {sort}", $"{await Percentiles(Asks, () => store.List(query))} ({ids} ids)");
    }
}
var deep = new FindingQuery(FindingScope.Everything, Encoding.UTF8.GetBytes(criteria[1].Criteria!)) { Limit = 50 };
Say("list: the next page, 300 times", await Percentiles(300, async () => deep = deep with { Token = (await store.List(deep)).NextToken }));
Say("list: one detector", await Percentiles(Asks, () => store.List(new(FindingScope.Of("100000007919", "eu-west-1")))));
foreach (var by in Enum.GetValues<FindingGrouping>())
{
    Say($"statistics: by {by}", await Percentiles(50, () => store.Statistics(new(FindingScope.Everything, by, Encoding.UTF8.GetBytes(criteria[1].Criteria!)))));
}
var page = (await store.List(new(FindingScope.Everything))).Ids;
Say("get: 50 findings", await Percentiles(Asks, () => store.Get(FindingScope.Everything, page)));

watch.Restart();
for (var i = 0; i < Singles; i++) await store.Put([Crowd.Finding(findings + i)]);
Say("put: new ones, one by one", Rate(Singles));
watch.Restart();
for (var i = 0; i < Singles; i++) await store.Put([Crowd.Again(Crowd.Finding(findings + i))]);
Say("put: known ones, one by one", Rate(Singles));
watch.Restart();
await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
{
    for (var i = caller; i < 5 * Singles; i += Callers) await store.Put([Crowd.Finding(findings + Singles + i)]);
}));
Say($"put: one by one, {Callers} callers", Rate(5 * Singles));
var more = Enumerable.Range(findings + 6 * Singles, 50 * Batch).Select(Crowd.Finding).Chunk(Batch).ToList();
watch.Restart();
foreach (var batch in more) await store.Put(batch);
Say($"put: batches of {Batch:N0}", Rate(50 * Batch));

using (var stop = new CancellationTokenSource())
{
    var writing = Task.Run(async () =>
    {
        var next = findings + 6 * Singles + 50 * Batch;
        while (!stop.IsCancellationRequested) await store.Put([Crowd.Finding(next++)]);
        return next;
    });
    var query = new FindingQuery(FindingScope.Everything, Encoding.UTF8.GetBytes(criteria[8].Criteria!));
    Say("list while findings are put one by one", await Percentiles(500, () => store.List(query)));
    await stop.CancelAsync();
    await writing;
}
watch.Restart();
var pruned = await store.Prune(Crowd.Finding(20_000).UpdatedAt);
Say("prune", $"{pruned:N0} in {watch.Elapsed.TotalSeconds:0.0} s");

using var plain = new SqliteConnection($"Data Source={database.Path};Mode=ReadOnly;Pooling=false");
plain.Open();
foreach (var (name, text) in criteria.Where(one => one.Name.StartsWith("nothing, deep", StringComparison.Ordinal)))
{
    if (!FindingCriteria.TryParse(Encoding.UTF8.GetBytes(text!), out var parsed, out _)) continue;
    var condition = CriteriaSql.Render(parsed, SqlDialect.Sqlite, "json", new Dictionary<string, SqlColumn>(StringComparer.Ordinal));
    using var command = plain.CreateCommand();
    command.CommandText = $"SELECT number FROM (SELECT number, json FROM finding_json LIMIT 20000) WHERE {condition.Text}"; // a part: it is slow
    command.CommandTimeout = 0;
    foreach (var (parameter, value) in condition.Parameters) command.Parameters.AddWithValue(parameter, value);
    watch.Restart();
    command.ExecuteScalar();
    Say($"SQL without the index: {name}", $"{watch.Elapsed.TotalMicroseconds / 20_000:0} us a finding");
}

async Task Fill()
{
    await using var empty = Database.Open(folder);
    using var filled = await FindingStore.Open(empty);
    if ((await filled.List(new(FindingScope.Everything) { Limit = 1 })).Ids.Count > 0) return;
    TimeSpan made = default, worked = default;
    for (var first = 0; first < findings; first += 20 * Batch)
    {
        watch.Restart();
        var batches = Enumerable.Range(first, Math.Min(20 * Batch, findings - first)).AsParallel().AsOrdered().Select(Crowd.Finding).Chunk(Batch).ToList();
        var before = Environment.CpuUsage.TotalTime;
        watch.Restart();
        foreach (var batch in batches) await filled.Put(batch);
        made += watch.Elapsed;
        worked += Environment.CpuUsage.TotalTime - before;
        Console.Error.WriteLine($"{first:N0}: {20 * Batch / watch.Elapsed.TotalSeconds:N0} a second");
    }
    Say("filled", $"{findings:N0} findings of {FindingJson.ToUtf8(Crowd.Finding(1)).Length:N0} bytes in {made.TotalSeconds:0.0} s, {findings / made.TotalSeconds:N0} a second, {worked.TotalMicroseconds / findings:0} us of CPU each; process {Memory():N0} MB");
}

async Task<string> Percentiles(int times, Func<Task> ask)
{
    var taken = new double[times];
    for (var i = 0; i < times; i++)
    {
        var start = Stopwatch.GetTimestamp();
        await ask();
        taken[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
    Array.Sort(taken);
    return $"p50 {taken[times / 2]:0.00} ms, p99 {taken[times * 99 / 100]:0.00} ms, most {taken[^1]:0.00} ms";
}

string Rate(int count) => $"{count / watch.Elapsed.TotalSeconds:N0} a second";

static double Memory()
{
    GC.Collect();
    using var process = Process.GetCurrentProcess();
    return process.WorkingSet64 / 1e6;
}

static void Say(string what, string result) => Console.WriteLine($"{what,-70} {result}");
