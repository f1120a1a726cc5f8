using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Yagura.Simulation.CloudTrail;
using Yagura.Simulation.Route53Resolver;
using Yagura.Simulation.S3Access;
using Yagura.Simulation.Scenarios;
using Yagura.Simulation.VpcFlow;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation;

/// <summary>Writes a corpus of realistic logs with planted attacks, the lists they use, and what a scan must find in it.</summary>
/// <remarks>Every object is a function of the options and its own place (kind, account, region, time), so objects are written in any order by any
/// number of threads. Equal options give equal log records on every machine; the compressed bytes, and so the manifest, also depend on the
/// version of .NET, whose deflate decides how to say the same in fewer bytes.</remarks>
public static class Simulator
{
    /// <summary>Lists, for <c>--intel</c>.</summary>
    public const string IntelFolder = "intel";
    /// <summary>In the shape of <c>aws ec2 describe-instances</c>.</summary>
    public const string InventoryFile = "inventory.json";
    /// <summary>One JSON object a line: the plans with their outcomes, then the corpus' own counts for each kind of log.</summary>
    public const string ExpectedFile = "expected.jsonl";
    /// <summary>SHA-256 of every other file, as <c>sha256sum -c</c> reads it.</summary>
    public const string ManifestFile = "manifest.sha256";

    private const int LatePercent = 5;
    private const int CorruptOneIn = 10_000;
    private const int DuplicateOneIn = 1_000;

    /// <summary>Lengths of time one object may cover, minutes; AWS delivers every five, and small corpora do with fewer objects.</summary>
    private static readonly int[] SlotMinutes = [5, 10, 15, 20, 30, 60, 120, 180];

    /// <summary>How busy each hour of the day is (UTC).</summary>
    private static readonly int[] Hours = [5, 5, 4, 4, 4, 4, 5, 7, 9, 10, 10, 10, 9, 10, 11, 12, 12, 11, 10, 9, 8, 7, 6, 6];

    /// <param name="outDirectory">Made if it does not exist; must be empty, for its manifest speaks of all that is in it.</param>
    /// <param name="progress">Told the decompressed bytes written so far, now and then, from any thread.</param>
    /// <exception cref="ArgumentException">The options have <see cref="SimulationOptions.Mistakes"/>.</exception>
    /// <exception cref="IOException">The folder is not empty, or can not be written.</exception>
    public static SimulationResult Write(SimulationOptions options, string outDirectory, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new ArgumentException(string.Join("; ", mistakes), nameof(options));
        if (Directory.Exists(outDirectory) && Directory.EnumerateFileSystemEntries(outDirectory).Any())
            throw new IOException($"the folder {outDirectory} is not empty");

        var profile = Profile.Find(options.Profile)!;
        var organization = new Organization(options.Seed, profile);
        var stages = ScenarioCatalog.Play(organization, options.Scenario);
        var objects = Plan(organization, options.TargetBytes ?? profile.Bytes, stages);
        var written = new Written[objects.Count];
        long bytes = 0;
        Parallel.For(0, objects.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancel },
            () => new Writer(organization, outDirectory),
            (i, _, writer) =>
            {
                written[i] = writer.Write(objects[i]);
                var total = Interlocked.Add(ref bytes, written[i].Bytes);
                progress?.Report(total);
                return writer;
            },
            _ => { });

        var hashes = written.SelectMany(w => w.Hashes).ToList();
        void Put(string path, string content)
        {
            var text = Encoding.UTF8.GetBytes(content);
            Store(outDirectory, path, text);
            hashes.Add((path, Convert.ToHexStringLower(SHA256.HashData(text))));
        }
        foreach (var (file, content) in ThreatLists.Files(organization, ListedApiCallers.LeakedKeys)) Put($"{IntelFolder}/{file}", content);
        Put($"{IntelFolder}/ip-ranges.json", Inventory.AwsRanges(organization));
        Put(InventoryFile, Inventory.Instances(organization));
        Put(ExpectedFile, Expected.Lines(stages, objects.Zip(written)));
        Store(outDirectory, ManifestFile, Encoding.UTF8.GetBytes(string.Concat(
            hashes.OrderBy(h => h.Path, StringComparer.Ordinal).Select(h => $"{h.Sha256}  {h.Path}\n"))));
        return new(written.Sum(w => w.Hashes.Count), written.Sum(w => w.Bytes), written.Sum(w => w.Records), stages.Count);
    }

    /// <summary>One log object to be: whose, of when, how large, and what is planted in it.</summary>
    /// <param name="Number">0-based among the objects of its kind.</param>
    /// <param name="Records">Background records.</param>
    internal sealed record ObjectPlan(LogKind Kind, int Number, Account Account, Region Region, long Start, int Seconds, int Records, bool IsDuplicated)
    {
        /// <summary>In order of time.</summary>
        public List<Act> Acts { get; } = [];
    }

    /// <param name="Bytes">Decompressed; those of a duplicate count again, as do its records.</param>
    /// <param name="Hashes">Path and SHA-256 of the object and of its duplicate, if any.</param>
    internal readonly record struct Written(long Bytes, long Records, long Corrupt, long Late, List<(string Path, string Sha256)> Hashes);

    private static LogSource SourceOf(LogKind kind, Organization organization) => kind switch
    {
        LogKind.CloudTrail => new CloudTrailSource(organization),
        LogKind.VpcFlow => new VpcFlowSource(organization),
        LogKind.Route53Resolver => new Route53ResolverSource(organization),
        LogKind.S3Access => new S3AccessSource(organization),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static List<ObjectPlan> Plan(Organization organization, long targetBytes, IReadOnlyList<Stage> stages)
    {
        var profile = organization.Profile;
        var streams = organization.Accounts.SelectMany(a => a.Regions.Select(r => (Account: a, Region: r))).ToList();
        var objects = new List<ObjectPlan>();
        foreach (var (kind, share) in profile.Shares.OrderBy(s => s.Key))
        {
            var planted = stages.SelectMany(s => s.Acts).Where(a => a.Kind == kind).ToLookup(a => a.Time < Organization.Start || a.Account == organization.Outpost);
            var acts = planted[false].ToList();
            var meanBytes = SourceOf(kind, organization).MeanBytes;
            // The background fills what the planted records leave, and is at least half: an attack alone proves nothing.
            var wantedBytes = Math.Max(targetBytes * share / 200, targetBytes * share / 100 - (long)acts.Count * meanBytes);
            var wantedSlots = Math.Max(1, wantedBytes / profile.ObjectBytes / streams.Count);
            var minutes = SlotMinutes.FirstOrDefault(m => 1440 / m <= wantedSlots, SlotMinutes[^1]);
            var slots = 1440 / minutes;
            long Weight(Account account, Region region, int slot) => (4 + account.Index * 7 % 5) * (region.Index == 0 ? 5 : 2) * Hours[slot * minutes / 60];
            var weights = streams.Sum(s => Enumerable.Range(0, slots).Sum(slot => Weight(s.Account, s.Region, slot)));
            var first = objects.Count;
            foreach (var (account, region) in streams)
            {
                for (var slot = 0; slot < slots; slot++)
                {
                    var records = (int)(wantedBytes * Weight(account, region, slot) / weights / meanBytes);
                    objects.Add(new(kind, objects.Count - first, account, region, Organization.Start + slot * minutes * 60L, minutes * 60, records, IsDuplicated: false));
                }
            }
            foreach (var (number, act) in acts.Index())
            {
                // Planted records are late as often as others are; the last object takes what is left.
                var late = SplitMix64.At(organization.Seed, act.Account.Index, act.Time / 60, number, Purpose.Planted).Percent(LatePercent) ? 1 : 0;
                var slot = Math.Min(slots - 1, (int)((act.Time - Organization.Start) / (minutes * 60)) + late);
                objects[first + (act.Account.Index * profile.Regions + act.Region.Index) * slots + slot].Acts.Add(act);
            }
            // Of the days before, and of the outpost, there is only what plans need of them: one object for a day.
            foreach (var day in planted[true].GroupBy(act => (act.Account, act.Region, Start: act.Time / Organization.Seconds * Organization.Seconds)))
            {
                objects.Add(new(kind, objects.Count - first, day.Key.Account, day.Key.Region, day.Key.Start, Organization.Seconds, Records: 0, IsDuplicated: false));
                objects[^1].Acts.AddRange(day);
            }
        }
        var random = SplitMix64.At(organization.Seed, 0, 0, 0, Purpose.Object);
        for (var i = 0; i < Math.Max(1, objects.Count / DuplicateOneIn); i++)
        {
            var chosen = random.Below(objects.Count);
            objects[chosen] = objects[chosen] with { IsDuplicated = true };
        }
        foreach (var plan in objects) plan.Acts.Sort((a, b) => a.Time.CompareTo(b.Time));
        objects.RemoveAll(o => o.Records == 0 && o.Acts.Count == 0); // nothing happened: AWS delivers nothing
        return objects;
    }

    /// <summary>Writes objects one after another; holds the buffers of one thread.</summary>
    private sealed class Writer(Organization organization, string directory)
    {
        private readonly Dictionary<LogKind, LogSource> _sources = organization.Profile.Shares.Keys.ToDictionary(k => k, k => SourceOf(k, organization));
        private readonly Scene _scene = new(organization);
        private readonly Utf8Buffer _buffer = new();
        private readonly MemoryStream _compressed = new();

        public Written Write(ObjectPlan plan)
        {
            var source = _sources[plan.Kind];
            _buffer.Clear();
            source.Begin(_buffer, plan.Account, plan.Region);
            long records = 0, corrupt = 0, late = 0;
            var planted = 0;
            var purpose = Purpose.Background + (int)plan.Kind * 8 + plan.Region.Index;

            void Open()
            {
                if (records++ > 0) source.Between(_buffer);
            }

            void Plant(long until)
            {
                for (; planted < plan.Acts.Count && plan.Acts[planted].Time <= until; planted++)
                {
                    var act = plan.Acts[planted];
                    Open();
                    if (act.Time < plan.Start) late++;
                    _scene.Set(act.Account, act.Region, act.Time, SplitMix64.At(organization.Seed, act.Account.Index, act.Time / 60, planted, Purpose.Planted + purpose));
                    source.Planted(_buffer, _scene, act);
                }
            }

            for (var i = 0; i < plan.Records; i++)
            {
                var due = plan.Start + (long)i * plan.Seconds / plan.Records;
                Plant(due);
                var random = SplitMix64.At(organization.Seed, plan.Account.Index, due / 60, i, purpose);
                var time = Math.Min(plan.Start + plan.Seconds - 1, due + random.Below(30));
                var earlier = (int)(plan.Start - Organization.Start);
                if (random.Percent(LatePercent) && earlier > 0)
                {
                    time = plan.Start - 1 - random.Skewed(earlier);
                    late++;
                }
                // One corrupt record in the first object of each kind, so that small corpora have some too.
                var broken = random.OneIn(CorruptOneIn) || (plan.Number == 0 && i == plan.Records / 2);
                Open();
                var start = _buffer.Length;
                _scene.Set(plan.Account, plan.Region, time, random);
                source.Background(_buffer, _scene);
                if (!broken) continue;
                source.Corrupt(_buffer, start);
                corrupt++;
            }
            Plant(long.MaxValue);
            source.End(_buffer);

            var names = SplitMix64.At(organization.Seed, plan.Account.Index, plan.Start / 60, plan.Number, Purpose.Object);
            var copies = plan.IsDuplicated ? 2 : 1;
            var hashes = new List<(string, string)>();
            ReadOnlySpan<byte> content = default;
            for (var copy = 0; copy < copies; copy++)
            {
                var path = source.PathOf(plan.Account, plan.Region, plan.Start + plan.Seconds, ref names);
                if (copy == 0) content = path.EndsWith(".gz", StringComparison.Ordinal) ? Compress() : _buffer.Written;
                Store(directory, path, content);
                hashes.Add((path, Convert.ToHexStringLower(SHA256.HashData(content))));
            }
            return new(copies * (long)_buffer.Length, copies * records, copies * corrupt, copies * late, hashes);
        }

        private ReadOnlySpan<byte> Compress()
        {
            _compressed.SetLength(0);
            using (var gzip = new GZipStream(_compressed, new ZLibCompressionOptions { CompressionLevel = 6 }, leaveOpen: true)) gzip.Write(_buffer.Written);
            return _compressed.GetBuffer().AsSpan(0, (int)_compressed.Length);
        }
    }

    private static void Store(string directory, string path, ReadOnlySpan<byte> content)
    {
        var full = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
    }
}
