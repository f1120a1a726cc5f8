using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Yagura.Flow;
using Yagura.Logs;
using Yagura.Logs.Json;

// How fast flow logs are read: `dotnet run -c Release --project bench/Flow -- [records] [rounds]`.
// Both sides of every ratio run in turn in one session; medians. `gzip -dc` writes to a pipe that is read and thrown away.
var records = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000_000;
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;

var text = Generate(records);
var file = Path.Combine(Path.GetTempPath(), $"flow-bench-{Environment.ProcessId}.gz");
try
{
    using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Optimal)) gzip.Write(text);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{records:N0} records, {text.Length / 1e6:N1} MB, {new FileInfo(file).Length / 1e6:N1} MB as gzip, {rounds} rounds, medians"));

    var reader = new LogObject(new(FlowFormat: null, Projection.Known));
    Read(reader, new MemoryStream(text)); // warm
    double[] gzips = new double[rounds], inflates = new double[rounds], reads = new double[rounds], parses = new double[rounds];
    long allocated = 0;
    for (var round = 0; round < rounds; round++)
    {
        gzips[round] = Time(() => Gunzip(file));
        inflates[round] = Time(() => Inflate(file));
        reads[round] = Time(() =>
        {
            using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            Read(reader, gzip);
        });
        using var memory = new MemoryStream(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        parses[round] = Time(() => Read(reader, memory));
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    }
    Print("gzip -dc", gzips);
    Print("inflate alone", inflates);
    Print("inflate and read", reads);
    Print("read alone", parses);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"allocated while reading: {allocated:N0} bytes"));

    void Print(string name, double[] seconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-18} {Median(seconds),7:F3} s  {records / Median(seconds) / 1e6,6:F2} M records/s  {Median(seconds) / Median(gzips),5:F2} of gzip -dc"));
}
finally
{
    File.Delete(file);
}

static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

static double Time(Action work)
{
    var watch = Stopwatch.StartNew();
    work();
    return watch.Elapsed.TotalSeconds;
}

void Read(LogObject reader, Stream content)
{
    var sum = new Sum();
    reader.Read(content, "AWSLogs/111122223333/vpcflowlogs/bench.log", sum, CancellationToken.None);
    if (sum.Records != records) throw new InvalidOperationException($"{sum.Records} records read of {records}");
}

static void Gunzip(string file)
{
    using var gzip = Process.Start(new ProcessStartInfo("gzip", ["-dc", file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
    Drain(gzip.StandardOutput.BaseStream);
    gzip.WaitForExit();
}

static void Inflate(string file)
{
    using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
    Drain(gzip);
}

static void Drain(Stream stream)
{
    var buffer = new byte[64 << 10];
    while (stream.Read(buffer) > 0) { }
}

// Default format, 115 bytes a record as in real logs, high cardinality, by a fixed sequence of numbers.
static byte[] Generate(int records)
{
    var text = new MemoryStream();
    text.Write("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n"u8);
    ulong state = 1;
    for (var i = 0; i < records; i++)
    {
        var (a, b, c) = (Next(), Next(), Next());
        var start = 1_700_000_000 + i / 200;
        text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"2 111122223333 eni-{a % 4000:x17} 10.{a >> 12 & 3}.{a >> 20 & 255}.{a >> 28 & 255} {b & 255}.{b >> 8 & 255}.{b >> 16 & 255}.{b >> 24 & 255} {c & 0xFFFF} {(c >> 16 & 3) switch { 0 => 443, 1 => 80, 2 => 53, _ => 22 }} {((c & 7) == 0 ? 17 : 6)} {(c >> 20) % 60} {(c >> 24) % 90_000} {start} {start + 60} {((c & 31) == 0 ? "REJECT" : "ACCEPT")} OK\n")));
    }
    return text.ToArray();

    ulong Next()
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
