using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Reading;
using Yagura.Engine.State;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>What every detector remembers, written down and read back: the samples of all types, with the test intelligence.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
    private readonly LocalObjects _samples = new([.. Directory.EnumerateFiles(Repository.Path("src/Detectors"), "*.*", SearchOption.AllDirectories)
        .Where(file => file.Contains("/samples/", StringComparison.Ordinal) && !file.EndsWith(".findings.json", StringComparison.Ordinal) && !file.EndsWith(".md", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string[]> Find(bool samples, string? folder, int objectsPerSnapshot = 1_000, DateTimeOffset? since = null)
    {
        var knowledge = Knowledge.Nothing with { Intel = IntelFolder.Load(Repository.Path("tests/Detectors.Tests/intel")).Snapshot };
        var options = new ScanOptions(knowledge, new ReadingOptions(since, null, null), _ => false, "test", folder, Readers: 2) { ObjectsPerSnapshot = objectsPerSnapshot };
        var report = await Scan.Run(samples ? [_samples] : [], options, null, new FixedTime(), CancellationToken.None);
        Assert.Empty(report.DetectorFailures);
        return [.. report.Findings.Select(FindingJson.ToJson)];
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Everything_is_as_it_was_after_a_restart(int objectsPerSnapshot)
    {
        var expected = await Find(samples: true, folder: null);
        Assert.True(expected.Length > 50, $"{expected.Length} findings");
        Assert.Equal(expected, await Find(samples: true, _folder, objectsPerSnapshot));
        Assert.Equal(expected, await Find(samples: false, _folder, objectsPerSnapshot));
        Assert.Equal(expected, await Find(samples: true, _folder, objectsPerSnapshot));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused()
    {
        await Find(samples: true, _folder);
        using var other = new FileStream(Path.Combine(_folder, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await Assert.ThrowsAsync<StateException>(() => Find(samples: false, _folder));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_refused_and_left_as_it_is()
    {
        await Find(samples: true, _folder, objectsPerSnapshot: 1);
        var snapshot = Path.Combine(_folder, "snapshot.json");
        File.WriteAllText(snapshot, "{\"Generation\":");
        await Assert.ThrowsAsync<StateException>(() => Find(samples: false, _folder));
        Assert.Equal("{\"Generation\":", File.ReadAllText(snapshot));
    }

    [Fact]
    public async Task A_damaged_line_that_others_follow_is_refused_and_nothing_is_cut_off()
    {
        await Find(samples: true, _folder);
        var journal = Path.Combine(_folder, "journal-0.jsonl");
        var bytes = File.ReadAllBytes(journal);
        bytes[bytes.AsSpan().IndexOf((byte)'\n') + 30] ^= 1;
        File.WriteAllBytes(journal, bytes);
        var refused = await Assert.ThrowsAsync<StateException>(() => Find(samples: false, _folder));
        Assert.Contains("line 2", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(journal));
    }

    [Fact]
    public async Task Objects_are_read_again_when_they_would_be_read_otherwise()
    {
        var expected = await Find(samples: true, folder: null);
        var late = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Empty(await Find(samples: true, _folder, since: late));
        Assert.Equal(expected, await Find(samples: true, _folder));
    }

    [Fact]
    public async Task Files_that_are_not_its_own_are_left_alone()
    {
        string[] others = [.. new[] { "journal-2026.txt", "journal-notes.jsonl", "journal-1a.jsonl", "baselines-mine.bin", "baselines-.bin" }.Select(name => Path.Combine(_folder, name))];
        foreach (var other in others) File.WriteAllText(other, "mine");
        var left = Path.Combine(_folder, "journal-77.jsonl");
        File.WriteAllText(left, "");
        await Find(samples: true, _folder, objectsPerSnapshot: 7);
        Assert.All(others, other => Assert.Equal("mine", File.ReadAllText(other)));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task Asking_for_baselines_changes_nothing()
    {
        await Find(samples: true, _folder, objectsPerSnapshot: 7);
        await File.AppendAllTextAsync(Directory.EnumerateFiles(_folder, "journal-*.jsonl").Single(), "00000000 torn", TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(_folder, "journal-77.jsonl"), "");
        File.Delete(Path.Combine(_folder, "lock"));
        var before = Files();
        Assert.True(Journal.Baselines(_folder, TimeProvider.System.GetUtcNow()).Profiles.Count > 0);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Baselines_of_a_folder_in_use_are_refused()
    {
        await Find(samples: true, _folder);
        using var other = new FileStream(Path.Combine(_folder, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Throws<StateException>(() => Journal.Baselines(_folder, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public void A_folder_without_state_has_no_baselines()
    {
        File.WriteAllText(Path.Combine(_folder, "journal-notes.jsonl"), "mine");
        Assert.Contains("holds no state", Assert.Throws<StateException>(() => Journal.Baselines(_folder, TimeProvider.System.GetUtcNow())).Message, StringComparison.Ordinal);
        Assert.Equal([("journal-notes.jsonl", "6D696E65")], Files());
    }

    private (string, string)[] Files() =>
        [.. Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), Convert.ToHexString(File.ReadAllBytes(file))))];

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 9, 2, 0, 0, 0, TimeSpan.Zero);
    }
}
