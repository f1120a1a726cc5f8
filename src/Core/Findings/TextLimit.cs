namespace Yagura.Core.Findings;

/// <summary>Texts from logs may be of any length; formats have limits.</summary>
public static class TextLimit
{
    /// <summary>The text, or its beginning and an ellipsis, in at most so many UTF-16 code units; a surrogate pair is not parted.</summary>
    /// <param name="longest">At least 2.</param>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");
}
