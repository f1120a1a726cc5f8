// How many events a second one thread matches, and what rules cost.
//   dotnet run -c Release --project bench/Match -- PATTERNS EVENTS [seconds = 3]   one EventBridge pattern, and one event, a line
//   dotnet run -c Release --project bench/Match -- generate FOLDER                 writes such files: one a kind of rule, 100 to 10,000 rules on CloudTrail, and 10,000 on one field
//   dotnet run -c Release --project bench/Match -- hits PATTERNS EVENTS            the numbers of the rules that each event fulfils, to compare with another matcher
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Yagura.Bench.Match;
using Yagura.Matching;
using Yagura.Matching.Conditions;
using Yagura.Matching.EventBridge;

if (args is ["generate", var folder])
{
    Directory.CreateDirectory(folder);
    File.WriteAllLines(Path.Combine(folder, "parcels.events"), Parcels.Events(50_000));
    File.WriteAllLines(Path.Combine(folder, "trails.events"), Trails.Events(50_000));
    foreach (var (kind, lines) in Parcels.Kinds()) File.WriteAllLines(Path.Combine(folder, $"parcels.{kind}.patterns"), lines);
    File.WriteAllLines(Path.Combine(folder, "crowds.events"), Crowds.Events(10_000));
    foreach (var (kind, lines) in Crowds.Kinds()) File.WriteAllLines(Path.Combine(folder, $"crowds.{kind}.patterns"), lines);
    foreach (var count in (int[])[100, 1_000, 10_000]) File.WriteAllLines(Path.Combine(folder, $"trails.{count}.patterns"), Trails.Patterns(count));
    return 0;
}
if (args is ["hits", var rules, var asked])
{
    var (all, mine) = (Load(Conditions(rules), out _), new MatchBuffer());
    using var output = new StreamWriter(Console.OpenStandardOutput());
    foreach (var json in File.ReadLines(asked))
    {
        var found = new List<int>();
        var fault = all.Match(Encoding.UTF8.GetBytes(json), mine, found);
        output.WriteLine(fault == EventFault.None ? $"[{string.Join(',', found.Order())}]" : "!");
    }
    return 0;
}
if (args is not [var patterns, var eventFile, .. var rest])
{
    Console.Error.WriteLine("usage: PATTERNS EVENTS [seconds] | generate FOLDER | hits PATTERNS EVENTS");
    return 2;
}

var seconds = rest.Length > 0 ? double.Parse(rest[0], CultureInfo.InvariantCulture) : 3;
var conditions = Conditions(patterns);
var events = File.ReadLines(eventFile).Select(Encoding.UTF8.GetBytes).ToArray();
var before = GC.GetTotalMemory(forceFullCollection: true);
var matcher = Load(conditions, out var loading);
var memory = GC.GetTotalMemory(forceFullCollection: true) - before;

var buffer = new MatchBuffer();
var hits = new List<int>();
long matches = 0, faults = 0, allocated = 0;
var rates = new List<double>();
var started = Stopwatch.StartNew();
while (started.Elapsed.TotalSeconds < seconds || rates.Count == 0)
{
    (matches, faults) = (0, 0);
    var bytesBefore = GC.GetAllocatedBytesForCurrentThread();
    var pass = Stopwatch.GetTimestamp();
    foreach (var json in events)
    {
        hits.Clear();
        if (matcher.Match(json, buffer, hits) != EventFault.None) faults++;
        matches += hits.Count;
    }
    var took = Stopwatch.GetElapsedTime(pass).TotalSeconds;
    allocated = GC.GetAllocatedBytesForCurrentThread() - bytesBefore;
    if (started.Elapsed.TotalSeconds > seconds / 2) rates.Add(events.Length / took);
}
// A rule of the file taken out and put back among all the others; the first rounds are the compiler's.
const int CompilerRounds = 300;
var changes = new List<double>();
for (var i = 0; i < Math.Max(CompilerRounds, Math.Min(conditions.Length, 2_000)) + CompilerRounds; i++)
{
    if (i == CompilerRounds) changes.Clear();
    var rule = (int)((uint)i * 2_654_435_761 % (uint)conditions.Length);
    var at = Stopwatch.GetTimestamp();
    matcher.Remove(rule);
    changes.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
    at = Stopwatch.GetTimestamp();
    matcher.Add(rule, conditions[rule]);
    changes.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
}
changes.Sort();
rates.Sort();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rates.Average():F0} {rates[0]:F0} {rates[^1]:F0} {rates.Count} {matches}"));
Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{conditions.Length} rules ({matcher.Unindexed} decided for every event) in {loading:F0} ms, {memory / conditions.Length} bytes a rule; {events.Length} events of {events.Sum(e => (long)e.Length) / events.Length} bytes, {faults} at fault, {allocated / events.Length} bytes allocated an event; {rates.Average():F0} events/s ({rates[0]:F0}-{rates[^1]:F0}), {matches} matches; add or remove: {changes[changes.Count / 2]:F3} ms median, {changes[changes.Count * 99 / 100]:F3} ms 99th of 100, {changes[^1]:F3} ms at most"));
return 0;

static Condition[] Conditions(string file) =>
    [.. File.ReadLines(file).Select(line => EventPattern.TryParse(line, out var condition, out var error) ? condition : throw new InvalidDataException($"{line}: {error}"))];

static Matcher<int> Load(Condition[] conditions, out double milliseconds)
{
    var started = Stopwatch.GetTimestamp();
    var matcher = new Matcher<int>();
    for (var rule = 0; rule < conditions.Length; rule++) matcher.Add(rule, conditions[rule]);
    milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    return matcher;
}
