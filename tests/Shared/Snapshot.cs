using System.Runtime.CompilerServices;

namespace Yagura.Tests;

/// <summary>Compares a text with the accepted one beside the test. On a difference a <c>.received</c> file is written next to it;
/// <c>UPDATE_SNAPSHOTS=1</c> accepts what came.</summary>
internal static class Snapshot
{
    /// <param name="name">What the text is, with its extension, such as <c>api-call.json</c>.</param>
    public static void Match(string name, string actual, [CallerFilePath] string test = "") =>
        MatchFile(Path.Combine(Path.GetDirectoryName(OnDisk(test))!, "snapshots", name), actual);

    /// <param name="accepted">The full path of the accepted text.</param>
    public static void MatchFile(string accepted, string actual)
    {
        var received = Path.ChangeExtension(accepted, ".received" + Path.GetExtension(accepted));
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(accepted)!);
            File.WriteAllText(accepted, text);
        }
        var expected = File.Exists(accepted) ? File.ReadAllText(accepted) : "";
        if (expected == text)
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, text);
        Assert.Equal(expected, text); // shows where they part; the whole text lies in the received file
    }

    // A deterministic build in CI knows the source as /_/path from the root of the repository.
    private static string OnDisk(string test)
    {
        if (!test.StartsWith("/_/", StringComparison.Ordinal)) return test;
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Yagura.slnx"))) root = root.Parent!;
        return Path.Combine(root.FullName, test[3..]);
    }
}
