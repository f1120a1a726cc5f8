using System.Text;

namespace Yagura.Api.Signing;

/// <summary>Percent-encoding as AWS wants it in canonical requests: all but unreserved characters, in capital hex digits.</summary>
/// <remarks>Source: IAM user guide, "Create a signed AWS API request", function UriEncode.</remarks>
internal static class UriText
{
    /// <param name="keepSlash">True for paths.</param>
    public static string Encode(string text, bool keepSlash = false)
    {
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' || (keepSlash && b == '/')) encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2"));
        }
        return encoded.ToString();
    }

    // Some clients still write a space of the query as '+'; whoever means a plus writes %2B.
    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>The path without empty and dot segments, as both sides see it before they encode it once more.</summary>
    public static string Normalise(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") kept.Add(segment);
            else if (kept.Count > 0) kept.RemoveAt(kept.Count - 1);
        }
        return "/" + string.Join('/', kept) + (kept.Count > 0 && path.EndsWith('/') ? "/" : "");
    }
}
