using System.Reflection;
using Yagura.Matching.Sigma;

namespace Yagura.Detectors.Rules;

/// <summary>Finding types that are one condition on one record: the file <c>rule.yml</c> in the type's folder instead of a class.</summary>
public static class TypeRules
{
    /// <summary>The rules of some types, in the order of the types.</summary>
    /// <exception cref="InvalidOperationException">A type has no rule, or one with a mistake: a bug that the first test shows.</exception>
    public static IReadOnlyList<LoadedRule> Of(IReadOnlyList<string> types)
    {
        var set = SigmaRuleSet.Of(types.Select(Read));
        return set.HasErrors ? throw new InvalidOperationException(string.Join('\n', set.Problems)) : set.Rules;
    }

    private static NamedSigmaFile Read(string type)
    {
        var name = $"{type.Replace(':', '/')}/rule.yml";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not there");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new(name, SigmaFile.Read(content));
    }
}
