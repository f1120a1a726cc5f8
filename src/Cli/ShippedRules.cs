using System.Reflection;
using Yagura.Engine.Rules;
using Yagura.Matching.Sigma;

namespace Yagura.Cli;

/// <summary>The rules of <c>rules/aws</c>, which the program carries, beside those that a user names.</summary>
internal static class ShippedRules
{
    /// <summary>Stands for them where a folder is expected.</summary>
    public const string Word = "shipped";

    private const string Folder = "rules/aws/";

    /// <summary>All rules of some folders and files together, so that correlations find the rules they name.</summary>
    /// <exception cref="IOException">A path cannot be read.</exception>
    public static SigmaRuleSet Load(IReadOnlyList<string> places, SigmaOptions? options = null) =>
        RuleFolder.Load(places.Where(place => place != Word), places.Contains(Word, StringComparer.Ordinal) ? Files(options) : [], options);

    private static IEnumerable<NamedSigmaFile> Files(SigmaOptions? options)
    {
        var program = Assembly.GetExecutingAssembly();
        foreach (var name in program.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = program.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new(name, SigmaFile.Read(content, options));
        }
    }
}
