using System.Globalization;
using System.Text;

namespace Yagura.Matching.Sigma;

/// <summary>One text for several, each with its length: no two lists of texts share one, whatever an attacker put into them.</summary>
public static class TextKey
{
    public static string Of(IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
        return text.ToString();
    }
}
