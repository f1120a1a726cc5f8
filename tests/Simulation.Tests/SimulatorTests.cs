using System.Security.Cryptography;

namespace Yagura.Simulation.Tests;

public sealed class SimulatorTests
{
    private static readonly SimulationOptions Small = new() { Seed = 42, TargetBytes = 600_000 };

    [Fact]
    public void The_same_options_give_the_same_bytes_on_one_thread_and_on_two()
    {
        using var one = new Corpus(Small with { Threads = 1 });
        using var two = new Corpus(Small with { Threads = 2 });
        using var again = new Corpus(Small with { Threads = 2 });
        Assert.Equal(one.Manifest, two.Manifest);
        Assert.Equal(one.Manifest, again.Manifest);
    }

    [Fact]
    public void Another_seed_gives_other_logs_with_the_same_kinds_of_plans()
    {
        using var one = new Corpus(Small);
        using var other = new Corpus(Small with { Seed = 43 });
        Assert.NotEqual(one.Manifest, other.Manifest);
        Assert.Equal(one.Plans.Select(p => p.Text("type")), other.Plans.Select(p => p.Text("type")));
    }

    [Fact]
    public void The_manifest_names_every_file_with_its_hash()
    {
        using var corpus = new Corpus(Small);
        var listed = corpus.Manifest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split("  ")).ToDictionary(l => l[1], l => l[0]);
        var files = Directory.EnumerateFiles(corpus.Folder, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(corpus.Folder, f), f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f))));
        files.Remove(Simulator.ManifestFile);
        Assert.Equal(files.OrderBy(f => f.Key, StringComparer.Ordinal), listed.OrderBy(f => f.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        using var corpus = new Corpus(Small with { Scenario = "none" });
        Assert.Throws<IOException>(() => Simulator.Write(Small, corpus.Folder));
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var mistakes = (Small with { Profile = "huge", Scenario = "Recon:IAMUser/TorIPCaller,Nonsense", TargetBytes = 1, Threads = 0 }).Mistakes();
        Assert.Equal(4, mistakes.Count);
        Assert.Contains(mistakes, m => m.Contains("\"Nonsense\"", StringComparison.Ordinal));
        Assert.Empty(Small.Mistakes());
    }
}
