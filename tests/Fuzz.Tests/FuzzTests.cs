using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Yagura.Tests;

namespace Yagura.Fuzz.Tests;

/// <summary>Whatever a reader is given: no exception, no hang, bounded memory. <c>YAGURA_FUZZ_MINUTES</c> says how long all readers together are
/// tried (a few seconds by default) and <c>YAGURA_FUZZ_SEED</c> with what; what fails is kept in <c>regressions/</c> and tried first ever after.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>Most bytes that reading one input may allocate, whether kept or not.</summary>
    private const long MostAllocated = 256L << 20;

    private static readonly string Regressions = Repository.Path("tests/Fuzz.Tests/regressions");

    public static TheoryData<string> Names => [.. Target.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void What_once_failed_is_read(string name)
    {
        var folder = Path.Combine(Regressions, name);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : []) Assert.Null(Try(Find(name), File.ReadAllBytes(file)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Good_input_is_read(string name) => Assert.All(Find(name).Seeds, seed => Assert.Null(Try(Find(name), seed)));

    [Theory, MemberData(nameof(Names))]
    public void Damaged_input_is_read_or_refused_in_good_time(string name)
    {
        var minutes = Environment.GetEnvironmentVariable("YAGURA_FUZZ_MINUTES") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : 0.1;
        var seed = Environment.GetEnvironmentVariable("YAGURA_FUZZ_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1;
        var end = TimeSpan.FromMinutes(minutes / Target.All.Count);
        var target = Find(name);
        var mutator = new Mutator(target.Seeds, new Random(seed));
        var (cases, bytes, slowest, started) = (0L, 0L, TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(started) < end)
        {
            var input = mutator.Next();
            var at = Stopwatch.GetTimestamp();
            if (Try(target, input) is { } failure) Assert.Fail($"{failure}\nseed {seed}, case {cases}, kept in {Keep(name, input)}");
            var took = Stopwatch.GetElapsedTime(at);
            if (took > slowest) slowest = took;
            cases++;
            bytes += input.Length;
        }
        output.WriteLine($"{name}: {cases:N0} cases, {bytes / 1e6:N0} MB, the slowest {slowest.TotalMilliseconds:N0} ms");
    }

    private static Target Find(string name) => Target.All.First(target => target.Name == name);

    /// <returns>What went wrong; null where nothing did.</returns>
    private static string? Try(Target target, byte[] input)
    {
        string? failure = null;
        // A thread of its own, so that one that hangs is left behind and the test still says what it was given.
        var thread = new Thread(() => failure = Read(target, input)) { IsBackground = true };
        thread.Start();
        return thread.Join(target.Patience) ? failure : $"{target.Name}: not done after {target.Patience.TotalSeconds} s";
    }

    private static string? Read(Target target, byte[] input)
    {
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            target.Read(input, CancellationToken.None);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated > MostAllocated ? $"{target.Name}: {allocated:N0} bytes allocated for {input.Length:N0}" : null;
        }
        catch (Exception e)
        {
            return $"{target.Name}: {e}";
        }
    }

    private static string Keep(string name, byte[] input)
    {
        var path = Path.Combine(Regressions, name, Convert.ToHexStringLower(SHA256.HashData(input))[..16]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, input);
        return Path.GetRelativePath(Repository.Root, path);
    }
}
