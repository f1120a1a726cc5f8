using System.IO.Hashing;
using System.Text;
using Yagura.Matching.Sigma.Correlations;
using Yagura.Matching.Sigma.Testing;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>The rules and correlations of one YAML file, with everything that is wrong with it.</summary>
/// <remarks>Source: Sigma specification 2.1. Limits: <see cref="SigmaLimits"/>.</remarks>
/// <param name="Rules">Those without an error.</param>
/// <param name="Correlations">Those without an error of their own; whether the rules they name exist is known once a <see cref="SigmaRuleSet"/> is put together.</param>
/// <param name="Problems">By their place.</param>
public sealed record SigmaFile(IReadOnlyList<SigmaRule> Rules, IReadOnlyList<SigmaCorrelation> Correlations, IReadOnlyList<SigmaProblem> Problems)
{
    /// <summary>128 bits of the file's content, and of the options it was read with.</summary>
    public UInt128 Hash { get; init; }

    public bool HasErrors => Problems.Any(problem => problem.IsError);

    /// <summary>Reads a file. Never throws, whatever the bytes are.</summary>
    public static SigmaFile Read(ReadOnlySpan<byte> utf8, SigmaOptions? options = null)
    {
        options ??= SigmaOptions.None;
        var problems = new ProblemList();
        var documents = YamlReader.Read(utf8, problems);
        var rules = new List<SigmaRule>();
        var correlations = new List<SigmaCorrelation>();
        if (documents.Count == 0 && problems.Errors == 0) problems.Error(Place.Start, "the file holds no rule");
        foreach (var document in documents)
        {
            var reader = new RuleReader(options, problems);
            switch (reader.Read(document))
            {
                case SigmaRule rule: rules.Add(rule); break;
                case SigmaCorrelation correlation: correlations.Add(correlation); break;
            }
        }
        return new(rules, correlations, problems.All()) { Hash = XxHash128.HashToUInt128(utf8, (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(options.Key))) };
    }

    /// <summary>Reads the tests of a sidecar, a file that holds nothing but a list of tests or a map with the key <c>tests</c>.</summary>
    public static IReadOnlyList<RuleTest> ReadTests(ReadOnlySpan<byte> utf8, out IReadOnlyList<SigmaProblem> problems)
    {
        var list = new ProblemList();
        var tests = new List<RuleTest>();
        foreach (var document in YamlReader.Read(utf8, list))
        {
            var node = document is YamlMap map && map.Find("tests") is { } entry ? entry.Value : document;
            tests.AddRange(new RuleTestReader(null, list).Read(node));
        }
        problems = list.All();
        return tests;
    }
}
