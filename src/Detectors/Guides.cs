using System.Reflection;
using Yagura.Core.FindingTypes;

namespace Yagura.Detectors;

/// <summary>What to make of a finding: the page <c>guide.md</c> in the folder of its type, or <c>guide.ja.md</c> where it has been translated.</summary>
public static class Guides
{
    /// <summary>The guide of a type in Markdown.</summary>
    /// <param name="language">A two-letter code; English stands in where there is no translation.</param>
    /// <returns>The page and its language; null where the type has no guide.</returns>
    public static (string Text, string Language)? Of(FindingType type, string language)
    {
        var folder = type.Name.Replace(':', '/');
        if (language != "en" && Read($"{folder}/guide.{language}.md") is { } translated) return (translated, language);
        return Read($"{folder}/guide.md") is { } text ? (text, "en") : null;
    }

    private static string? Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
