using System.IO.Hashing;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sequences;

/// <summary>The sequences of one YAML file, with everything that is wrong with it.</summary>
/// <param name="Rules">Those without an error.</param>
/// <param name="Problems">By their place.</param>
public sealed record SequenceFile(IReadOnlyList<SequenceRule> Rules, IReadOnlyList<SigmaProblem> Problems)
{
    /// <summary>128 bits of the content.</summary>
    public UInt128 Hash { get; init; }

    /// <summary>Reads a file. Never throws, whatever the bytes are.</summary>
    public static SequenceFile Read(ReadOnlySpan<byte> utf8)
    {
        var problems = new ProblemList();
        var documents = YamlReader.Read(utf8, problems);
        if (documents.Count == 0 && problems.Errors == 0) problems.Error(Place.Start, "the file holds no sequence");
        var rules = documents.Select(document => new SequenceReader(problems).Read(document)).OfType<SequenceRule>().ToList();
        return new(rules, problems.All()) { Hash = XxHash128.HashToUInt128(utf8) };
    }

    /// <summary>Whether a file of YAML is one of sequences rather than of Sigma rules: its first document has steps.</summary>
    public static bool IsOne(ReadOnlySpan<byte> utf8) => YamlReader.Read(utf8, new ProblemList()) is [YamlMap map, ..] && map.Find("steps") is not null;
}

/// <summary>The sequences of several files together.</summary>
public sealed record SequenceSet(IReadOnlyList<SequenceRule> Rules, IReadOnlyList<FileProblem> Problems)
{
    public static SequenceSet Empty { get; } = new([], []);

    /// <summary>32 hex digits of all files' contents; empty for no files.</summary>
    public string Hash { get; private init; } = "";

    public bool HasErrors => Problems.Any(problem => problem.Problem.IsError);

    public static SequenceSet Of(IEnumerable<(string Name, SequenceFile File)> files)
    {
        var all = files.ToList();
        var problems = all.SelectMany(file => file.File.Problems.Select(problem => new FileProblem(file.Name, problem))).ToList();
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, rule) in all.SelectMany(file => file.File.Rules.Select(rule => (file.Name, rule))))
        {
            if (!byName.TryAdd(rule.Name, file)) problems.Add(new(file, new(true, 1, 1, $"another sequence is called {rule.Name} too, in {byName[rule.Name]}", "give each a name of its own")));
        }
        var rules = all.SelectMany(file => file.File.Rules).ToList();
        if (rules.Count > SequenceLimits.Sequences) problems.Add(new(all[^1].Name, new(true, 1, 1, $"{rules.Count} sequences; at most {SequenceLimits.Sequences} are allowed")));
        var hash = new XxHash128();
        Span<byte> bytes = stackalloc byte[16];
        foreach (var (_, file) in all)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, file.Hash);
            hash.Append(bytes);
        }
        return new(rules, problems) { Hash = all.Count == 0 ? "" : hash.GetCurrentHashAsUInt128().ToString("x32", System.Globalization.CultureInfo.InvariantCulture) };
    }
}
