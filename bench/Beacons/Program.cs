using System.Globalization;
using System.Text;
using Yagura.Beacons;
using Yagura.Detectors.Yagura.EC2;
using Yagura.Logs;
using Yagura.Logs.Json;

// What beaconing costs a flow and a pair: `dotnet run -c Release --project bench/Beacons -- [pairs] [flows of each] [rounds]`.
// Flows are read first without a detector, then with it; the difference is the detector's. Each object is merged into the table of all, as a scan does it.
var pairs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var each = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 12;
var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
const int Objects = 240; // of 50,000 flows each

var flows = (double)pairs * each;
var reader = new LogObject(new(FlowFormat: null, Projection.Known));
double[] reading = new double[rounds], observing = new double[rounds], merging = new double[rounds];
BeaconPairs table = new();
for (var round = 0; round < rounds; round++)
{
    table = new();
    foreach (var log in Enumerable.Range(0, Objects).Select(Generate))
    {
        reading[round] += Time(() => Read(log, new Sink(null)));
        var sink = new Sink(new Beaconing());
        observing[round] += Time(() => Read(log, sink));
        merging[round] += Time(() => table.Merge(sink.Pairs));
    }
    observing[round] -= reading[round];
}
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pairs:N0} pairs, {each} connections each in {Objects} objects, {rounds} rounds, medians"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read     {Median(reading) / flows * 1e9,6:F1} ns a flow"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"observe  {Median(observing) / flows * 1e9,6:F1} ns a flow"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"merge    {Median(merging) / flows * 1e9,6:F1} ns a flow"));
var beacons = 0;
var judging = Time(() =>
{
    for (var row = 0; row < table.Repeated; row++)
        if (Rhythm.Of(table[row]).Score >= Beaconing.Threshold) beacons++;
});
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"judge    {judging / Math.Max(1, table.Repeated) * 1e9,6:F0} ns a pair, {beacons:N0} regular ones"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"table    {table.Bytes / (double)table.Count,6:F1} bytes a pair, {table.Count:N0} pairs, {table.Repeated:N0} seen more than once, {table.Bytes / 1048576.0:F0} MiB, {table.Evicted:N0} given up"));

static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

static double Time(Action work)
{
    // CPU time, so that others on the machine do not count.
    var before = Environment.CpuUsage.TotalTime;
    work();
    return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
}

void Read(byte[] log, Sink sink) => reader.Read(new MemoryStream(log), "AWSLogs/111122223333/vpcflowlogs/bench.log", sink, CancellationToken.None);

// Clients outside ask 400 interfaces, in an order that no table likes.
byte[] Generate(int number)
{
    var text = new MemoryStream();
    text.Write("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n"u8);
    var here = (long)pairs * each / Objects;
    for (var i = here * number; i < here * (number + 1); i++)
    {
        var pair = (uint)(i * 2_654_435_761 % pairs);
        var start = 1_772_323_200L + i * 86_000 / ((long)pairs * each);
        text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"2 111122223333 eni-{pair % 400:x17} {20 + (pair >> 18)}.{pair >> 10 & 255}.{pair >> 2 & 255}.{(pair & 3) + 1} 10.0.{pair % 400 >> 8}.{pair % 400 & 255} {32_768 + i % 28_000} 443 6 8 {900 + pair % 64} {start} {start + 30} ACCEPT OK\n")));
    }
    return text.ToArray();
}
