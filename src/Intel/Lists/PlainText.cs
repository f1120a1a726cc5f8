namespace Yagura.Intel;

/// <summary>Lists of one entry a line: TXT, hosts files and ALIEN_VAULT.</summary>
internal static class PlainText
{
    /// <summary>An entry a line, with comments and notes as lists have them.</summary>
    /// <remarks><code>
    /// 198.51.100.0/24 ; SBL1     address or CIDR, the rest a note
    /// 203.0.113.9:8443           with a port
    /// *.c2.example               every name below
    /// 0.0.0.0 pool.example       a line of a hosts file: the names count
    /// </code></remarks>
    public static void Read(ReadOnlySpan<byte> content, ListLimits limits, EntryReader entries)
    {
        foreach (var line in TextLines.Of(content))
        {
            if (line.Text.Length > limits.LineLength)
            {
                entries.Reject(line.Number, $"longer than {limits.LineLength} bytes");
                continue;
            }
            var text = WithoutComment(line.Text).Trim(" \t"u8);
            if (text.IsEmpty) continue;
            var blank = text.IndexOfAny(" \t"u8);
            if (blank < 0) entries.Any(text, line.Number);
            else if (IsNowhere(text[..blank])) Hosts(text[blank..], entries, line.Number);
            else if (AddressRange.TryParse(text, out var range)) entries.Address(range, line.Number); // "low - high"
            else if (AddressRange.TryParse(text[..blank].TrimEnd((byte)','), out range)) entries.Address(range, line.Number);
            else entries.Reject(line.Number, "more than one word");
        }
    }

    /// <remarks><code>198.51.100.7#4#2#Malicious Host#JP#Tokyo#35.68,139.76#3</code></remarks>
    public static void ReadAlienVault(ReadOnlySpan<byte> content, ListLimits limits, EntryReader entries)
    {
        foreach (var line in TextLines.Of(content))
        {
            var text = line.Text.Trim(" \t"u8);
            if (text.IsEmpty || text[0] == '#') continue;
            if (text.Length > limits.LineLength) entries.Reject(line.Number, $"longer than {limits.LineLength} bytes");
            else if (text.Count((byte)'#') != ListFormats.AlienVaultParts - 1) entries.Reject(line.Number, "not 8 parts divided by #");
            else entries.Any(text[..text.IndexOf((byte)'#')], line.Number);
        }
    }

    private static void Hosts(ReadOnlySpan<byte> names, EntryReader entries, int line)
    {
        foreach (var part in names.SplitAny(" \t"u8))
        {
            // Every hosts file names the machine itself; that is no entry and no mistake.
            if (names[part] is { IsEmpty: false } name && name.Contains((byte)'.') && !name.SequenceEqual("localhost.localdomain"u8)
                && !IsNowhere(name)) entries.Name(name, line);
        }
    }

    private static ReadOnlySpan<byte> WithoutComment(ReadOnlySpan<byte> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] is (byte)'#' or (byte)';' && (i == 0 || line[i - 1] is (byte)' ' or (byte)'\t')) return line[..i];
        }
        return line.StartsWith("//"u8) ? default : line;
    }

    /// <summary>Where hosts files send what they block.</summary>
    private static bool IsNowhere(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("0.0.0.0"u8) || word.StartsWith("127."u8) || word.SequenceEqual("::1"u8) || word.SequenceEqual("::"u8);
}
