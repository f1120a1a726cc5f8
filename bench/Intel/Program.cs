using System.Diagnostics;
using System.Globalization;
using System.Text;
using Yagura.Bench.Intel;
using Yagura.Core;
using Yagura.Intel;

// How fast and how large the look-up in threat lists is: `dotnet run -c Release --project bench/Intel -- [rounds]`.
// The lists are 80 % addresses, 10 % /24, the rest /28, /20 and /16, at random places; questions are uniform over all addresses (the worst
// case for caches) or skewed (four of five from 1,000 addresses, as a day of logs is). Array.BinarySearch over the merged ranges runs in turn.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
const int Questions = 1 << 22;

foreach (var size in new[] { 100_000, 1_000_000 })
{
    var random = new SplitMix(42);
    var ranges = new List<string>(size);
    for (var i = 0; i < size; i++)
    {
        var length = (random.Next() % 100) switch { < 80 => 32, < 90 => 24, < 94 => 28, < 97 => 20, _ => 16 };
        ranges.Add($"{IpAddress.FromV4(PublicAddress(ref random) & (uint)(ulong.MaxValue << (32 - length)))}/{length}");
    }
    var text = Encoding.ASCII.GetBytes(string.Join('\n', ranges));
    ranges.Clear();
    var parse = Stopwatch.StartNew();
    var list = ThreatListReader.Read("bench", ThreatCategory.Malicious, text);
    parse.Stop();
    text = [];

    var before = Settled();
    var build = Stopwatch.StartNew();
    var snapshot = IntelSnapshot.Create([list]);
    build.Stop();
    var held = Settled() - before;

    var (starts, ends) = Merge(list.Addresses);
    var uniform = new uint[Questions];
    var skewed = new uint[Questions];
    var few = Enumerable.Range(0, 1_000).Select(_ => PublicAddress(ref random)).ToArray();
    for (var i = 0; i < Questions; i++)
    {
        uniform[i] = PublicAddress(ref random);
        skewed[i] = random.Next() % 5 != 0 ? few[random.Next() % 1_000] : PublicAddress(ref random);
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{size:N0} prefixes, {rounds} rounds of {Questions:N0} look-ups, medians; parse {parse.ElapsedMilliseconds} ms, build {build.ElapsedMilliseconds} ms"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  look-up structures {snapshot.LookupBytes / 1e6:F1} MB, snapshot on the heap {held / 1e6:F1} MB"));
    foreach (var (name, questions) in new[] { ("uniform", uniform), ("skewed", skewed) })
    {
        double[] ours = new double[rounds], searched = new double[rounds];
        int found = 0, foundBySearch = 0;
        for (var round = -1; round < rounds; round++) // the first, unmeasured one warms
        {
            var time = Time(() => found = Find(snapshot, questions));
            var searchTime = Time(() => foundBySearch = Search(starts, ends, questions));
            if (round < 0) continue;
            ours[round] = time;
            searched[round] = searchTime;
        }
        if (found != foundBySearch) throw new InvalidOperationException($"{found} found, but {foundBySearch} by binary search");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name}: {PerLookup(ours):F1} ns ({ours.Min() * 1e9 / Questions:F1}-{ours.Max() * 1e9 / Questions:F1}), Array.BinarySearch {PerLookup(searched):F1} ns, {searched.Order().ElementAt(rounds / 2) / ours.Order().ElementAt(rounds / 2):F1} times; {100.0 * found / Questions:F1} % found"));
    }
}

var names = new SplitMix(7);
var domains = IntelSnapshot.Create([ThreatListReader.Read("bench", ThreatCategory.Mining, Encoding.ASCII.GetBytes(
    string.Join('\n', Enumerable.Range(0, 1_000_000).Select(_ => $"{names.Next():x16}.example"))))]);
var asked = Enumerable.Range(0, 1 << 16).Select(_ => Encoding.ASCII.GetBytes($"www.{names.Next() % 1_000:x4}.region.service.example")).ToArray();
double[] domainTimes = new double[rounds];
for (var round = -1; round < rounds; round++)
{
    var time = Time(() =>
    {
        for (var i = 0; i < Questions / 8; i++) _ = domains.FindDomain(asked[i & 0xFFFF]);
    });
    if (round >= 0) domainTimes[round] = time;
}
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"1,000,000 names: {domainTimes.Order().ElementAt(rounds / 2) * 1e9 / (Questions / 8):F0} ns a name of five labels, {domains.LookupBytes / 1e6:F0} MB"));

static int Find(IntelSnapshot snapshot, uint[] questions)
{
    var found = 0;
    foreach (var address in questions) found += snapshot.Find(IpAddress.FromV4(address)).IsNothing ? 0 : 1;
    return found;
}

static int Search(uint[] starts, uint[] ends, uint[] questions)
{
    var found = 0;
    foreach (var address in questions)
    {
        var at = Array.BinarySearch(starts, address);
        if (at < 0) at = ~at - 1;
        found += at >= 0 && address <= ends[at] ? 1 : 0;
    }
    return found;
}

static (uint[] Starts, uint[] Ends) Merge(IReadOnlyList<AddressRange> ranges)
{
    List<uint> starts = [], ends = [];
    foreach (var range in ranges.OrderBy(r => r.First))
    {
        if (starts.Count > 0 && range.First.V4 <= ends[^1]) ends[^1] = Math.Max(ends[^1], range.Last.V4);
        else
        {
            starts.Add(range.First.V4);
            ends.Add(range.Last.V4);
        }
    }
    return (starts.ToArray(), ends.ToArray());
}

static uint PublicAddress(ref SplitMix random)
{
    while (true)
    {
        // A whole public /16, so that no prefix drawn around the address is cut or refused.
        var address = (uint)random.Next();
        if (IpAddress.FromV4(address & 0xFFFF_0000).IsPublic && IpAddress.FromV4(address | 0xFFFF).IsPublic) return address;
    }
}

static long Settled()
{
    GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
    return GC.GetTotalMemory(forceFullCollection: true);
}

static double Time(Action work)
{
    var watch = Stopwatch.StartNew();
    work();
    return watch.Elapsed.TotalSeconds;
}

static double PerLookup(double[] seconds) => seconds.Order().ElementAt(seconds.Length / 2) * 1e9 / Questions;
