// How fast CloudTrail records are read on one core, beside Utf8JsonReader's plain walk over the tokens of the same bytes.
//   dotnet run -c Release --project bench/Json -- [megabytes = 100]
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Yagura.Bench.Json;
using Yagura.Core.Json;
using Yagura.Logs.Json;

const int Passes = 7;
int megabytes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100;
var file = Records.Make(megabytes * 1_000_000, out int events);
var positions = new int[(128 << 10) + StructuralIndex.Slack];
var reader = new JsonLogReader(Projection.Known);
var sink = new Count();

(string Name, Func<long> Pass)[] candidates =
[
    ("Utf8JsonReader, all tokens", () =>
    {
        long tokens = 0;
        for (var json = new Utf8JsonReader(file); json.Read();) tokens++;
        return tokens;
    }),
    ("structural index", () =>
    {
        long found = 0;
        for (int at = 0; at < file.Length; at += 128 << 10) found += StructuralIndex.Build(file.AsSpan(at, Math.Min(128 << 10, file.Length - at)), positions);
        return found;
    }),
    ("JsonLogReader, all fields", () =>
    {
        sink.Calls = 0;
        reader.Read(new MemoryStream(file), [], sink, null, default);
        return sink.Calls;
    }),
];

var seconds = candidates.Select(_ => new List<double>()).ToArray();
var results = new long[candidates.Length];
for (int pass = -3; pass < Passes; pass++) // three passes for the compiler
    for (int i = 0; i < candidates.Length; i++)
    {
        var watch = Stopwatch.StartNew();
        results[i] = candidates[i].Pass();
        if (pass >= 0) seconds[i].Add(watch.Elapsed.TotalSeconds);
    }

Console.WriteLine($"{file.Length / 1e6:F0} MB, {events} events of {file.Length / events} bytes, {Passes} interleaved passes, one thread");
for (int i = 0; i < candidates.Length; i++)
{
    seconds[i].Sort();
    double median = seconds[i][Passes / 2];
    Console.WriteLine($"{candidates[i].Name,-28} {file.Length / 1e9 / median,6:F2} GB/s ({file.Length / 1e9 / seconds[i][^1]:F2}-{file.Length / 1e9 / seconds[i][0]:F2})  {median / events * 1e9,6:F0} ns/event  result {results[i]}");
}
if (sink.Calls != events || sink.Other != 0) throw new InvalidOperationException($"{sink.Calls} of {events} events were read");
