using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Yagura.Matching.Sigma.Yaml;

/// <summary>16 hex digits that are the same for nodes that say the same, wherever they stand and however they are laid out.</summary>
internal static class YamlHash
{
    public static string Of(IEnumerable<YamlNode?> nodes)
    {
        var text = new StringBuilder();
        foreach (var node in nodes) Write(text, node);
        return OfText(text.ToString());
    }

    public static string OfText(string text) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)).ToString("x16", CultureInfo.InvariantCulture);

    // Each text with its length before it, each list and map with its count: no two nodes are written alike.
    private static void Write(StringBuilder text, YamlNode? node)
    {
        switch (node)
        {
            case YamlScalar scalar:
                text.Append(CultureInfo.InvariantCulture, $"{(scalar.IsPlain ? 'p' : 'q')}{scalar.Text.Length}:{scalar.Text}");
                break;
            case YamlList list:
                text.Append(CultureInfo.InvariantCulture, $"l{list.Items.Count}:");
                foreach (var item in list.Items) Write(text, item);
                break;
            case YamlMap map:
                text.Append(CultureInfo.InvariantCulture, $"m{map.Entries.Count}:");
                foreach (var entry in map.Entries)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{entry.Key.Length}:{entry.Key}");
                    Write(text, entry.Value);
                }
                break;
            default: text.Append('-'); break;
        }
    }
}
