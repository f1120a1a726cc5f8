using System.Buffers;
using System.Text.Unicode;

namespace Yagura.Logs.Text;

/// <summary>What every line of a text log has to be before its fields are looked at.</summary>
internal static class TextLine
{
    /// <summary>Why what a block holds is no whole line.</summary>
    public static string Reason(BlockKind kind) => kind == BlockKind.Overlong ? "a line longer than 1 MiB" : "the input ends in the middle";

    // A tab is text: a client may send one in its user agent, and must not be able to hide its requests so.
    private static readonly SearchValues<byte> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (byte)c)]);

    /// <summary>Takes a final carriage return off and says whether the rest is UTF-8 without control characters but tabs.</summary>
    /// <param name="end">One past the line; moved when it ends in a carriage return.</param>
    public static bool IsPlain(byte[] buffer, int start, ref int end, out string reason)
    {
        if (end > start && buffer[end - 1] == '\r') end--;
        var line = buffer.AsSpan(start, end - start);
        reason = line.ContainsAny(Controls) ? "a control character in the line" : !Utf8.IsValid(line) ? "not valid UTF-8" : "";
        return reason.Length == 0;
    }
}
