using System.IO.Hashing;
using Yagura.Matching.Sigma;

namespace Yagura.Engine.Rules;

/// <summary>Reads the Sigma rules of a folder: every <c>.yml</c> and <c>.yaml</c> file in it and below, in ordinal order.</summary>
/// <remarks>A file <c>name.tests.yaml</c> (or <c>.yml</c>) is the sidecar of <c>name.yml</c>: more tests for the rule or correlation there. Links are not followed.</remarks>
public static class RuleFolder
{
    /// <summary>Files of one folder.</summary>
    public const int MostFiles = 20_000;

    /// <summary>Bytes of all files of one folder: rules hold some ten times as much in memory.</summary>
    public const long MostBytes = 64 << 20;

    /// <param name="path">A folder, or one file.</param>
    /// <exception cref="IOException">The path does not exist, cannot be read, or holds too many files.</exception>
    public static SigmaRuleSet Load(string path, SigmaOptions? options = null) => Load([path], [], options);

    /// <summary>Reads several folders and files as one set, so that correlations find the rules they name.</summary>
    /// <param name="others">Files that were read from elsewhere.</param>
    /// <inheritdoc cref="Load(string, SigmaOptions?)"/>
    public static SigmaRuleSet Load(IEnumerable<string> paths, IEnumerable<NamedSigmaFile> others, SigmaOptions? options = null)
    {
        var named = others.ToList();
        var problems = new List<FileProblem>();
        foreach (var path in paths) Read(path, options, named, problems);
        var set = SigmaRuleSet.Of(named);
        return set with { Problems = [.. set.Problems, .. problems] };
    }

    private static readonly string[] SidecarEnds = [".tests.yaml", ".tests.yml"];

    private static void Read(string path, SigmaOptions? options, List<NamedSigmaFile> named, List<FileProblem> problems)
    {
        var files = Files(path);
        var sidecars = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Where(IsSidecar))
        {
            if (!sidecars.TryAdd(SidecarOf(file), file))
                problems.Add(new(file, new(true, 1, 1, $"{Path.GetFileName(sidecars[SidecarOf(file)])} holds tests of the same rule", "put them into one file")));
        }
        foreach (var file in files.Where(file => !IsSidecar(file)))
        {
            var read = SigmaFile.Read(Bytes(file, isNamed: file == path), options);
            if (sidecars.Remove(WithoutExtension(file), out var sidecar)) read = WithTests(read, file, sidecar, problems);
            named.Add(new(file, read));
        }
        problems.AddRange(sidecars.Values.Order(StringComparer.Ordinal).Select(file => new FileProblem(file, new(true, 1, 1, "there is no rule beside these tests", $"name the rule {Path.GetFileName(SidecarOf(file))}.yml"))));
    }

    private static List<string> Files(string path)
    {
        if (File.Exists(path)) return IsSidecar(path) ? [path] : [path, .. SidecarEnds.Select(end => WithoutExtension(path) + end).Where(File.Exists)];
        if (!Directory.Exists(path)) throw new FileNotFoundException($"{path} does not exist");
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = false };
        var files = Directory.EnumerateFiles(path, "*", all)
            .Where(file => Path.GetExtension(file) is ".yml" or ".yaml").Take(MostFiles + 1).Order(StringComparer.Ordinal).ToList();
        if (files.Count > MostFiles) throw new IOException($"{path} holds more than {MostFiles:N0} files of rules");
        // A file beyond its own limit is refused by name and read no further than that.
        var bytes = files.Sum(file => Math.Min(new FileInfo(file).Length, SigmaLimits.FileBytes));
        return bytes <= MostBytes ? files : throw new IOException($"{path} holds more than {MostBytes >> 20} MiB of rules");
    }

    /// <summary>The bytes of a file, and no more than it takes to see that they are too many.</summary>
    private static byte[] Bytes(string file, bool isNamed = false)
    {
        // A pipe or socket among the files of a folder seems empty; to open it would be to wait for a writer that may never come.
        if (!isNamed && new FileInfo(file).Length == 0) return [];
        using var stream = File.OpenRead(file);
        // A pipe, such as the one of `yagura rules lint <(…)`, has no length.
        var bytes = new byte[Math.Min(stream.CanSeek ? stream.Length : long.MaxValue, SigmaLimits.FileBytes + 1)];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static SigmaFile WithTests(SigmaFile file, string name, string sidecar, List<FileProblem> problems)
    {
        var bytes = Bytes(sidecar);
        file = file with { Hash = XxHash128.HashToUInt128(bytes, (long)file.Hash) };
        var tests = SigmaFile.ReadTests(bytes, out var mistakes).Select(test => test with { File = sidecar }).ToList();
        problems.AddRange(mistakes.Select(problem => new FileProblem(sidecar, problem)));
        if (file.Correlations is [var correlation]) return file with { Correlations = [correlation with { Tests = [.. correlation.Tests, .. tests] }] };
        if (file is { Correlations.Count: 0, Rules: [var rule] }) return file with { Rules = [rule with { Tests = [.. rule.Tests, .. tests] }] };
        // A rule at fault has been told of already.
        if (!file.HasErrors) problems.Add(new(sidecar, new(true, 1, 1, $"{Path.GetFileName(name)} holds several rules, so these tests belong to none", "write them under the key tests of each rule")));
        return file;
    }

    private static bool IsSidecar(string file) => WithoutExtension(file).EndsWith(".tests", StringComparison.Ordinal);

    private static string SidecarOf(string file) => WithoutExtension(file)[..^".tests".Length];

    private static string WithoutExtension(string file) => file[..^Path.GetExtension(file).Length];
}
