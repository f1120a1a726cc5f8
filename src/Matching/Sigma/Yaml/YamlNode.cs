namespace Yagura.Matching.Sigma.Yaml;

/// <summary>Where something stands in a file; line and column from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    public static readonly Place Start = new(1, 1);
}

/// <summary>A piece of a YAML document with its place.</summary>
internal abstract record YamlNode(Place Place);

/// <summary>A text, number, flag or null.</summary>
/// <param name="IsPlain">Written without quotes, so that it may be something else than a text.</param>
internal sealed record YamlScalar(Place Place, string Text, bool IsPlain) : YamlNode(Place);

internal sealed record YamlList(Place Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place);

/// <summary>Keys with their values in the order of the file; no key stands twice.</summary>
internal sealed record YamlMap(Place Place, IReadOnlyList<YamlEntry> Entries) : YamlNode(Place)
{
    public YamlEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key) return entry;
        }
        return null;
    }
}

internal sealed record YamlEntry(string Key, Place KeyPlace, YamlNode Value);
