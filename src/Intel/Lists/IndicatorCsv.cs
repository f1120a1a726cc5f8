using System.Text;

namespace Yagura.Intel;

/// <summary>The lists with a header line and comma-separated columns: OTX_CSV, PROOF_POINT and FIRE_EYE.</summary>
internal static class IndicatorCsv
{
    private const int MostColumns = 64; // FIRE_EYE has 47

    /// <remarks><code>
    /// Indicator type, Indicator, Description
    /// CIDR, 192.0.2.0/24, example
    /// </code></remarks>
    public static void ReadOtx(ReadOnlySpan<byte> content, ListLimits limits, EntryReader entries)
    {
        Span<Range> fields = stackalloc Range[MostColumns];
        var header = true;
        foreach (var line in TextLines.Of(content))
        {
            if (!TryFields(line, limits, entries, fields, out var count)) continue;
            if (header)
            {
                header = false;
                continue;
            }
            if (count < 2) entries.Reject(line.Number, "no indicator");
            else if (IsOtxType(line.Text[fields[0]].Trim((byte)' '))) entries.Any(line.Text[fields[1]], line.Number);
            else entries.Reject(line.Number, $"an indicator of type {Shown(line.Text[fields[0]])}, which no analysed log carries");
        }
    }

    /// <summary>Takes the entries from the named columns; a line may fill several of them.</summary>
    /// <remarks><code>
    /// ip, category, score, first_seen, last_seen, ports (|)
    /// 198.51.100.7, 1, 100, 2000-01-01, 2000-01-01,
    /// </code></remarks>
    public static void ReadColumns(ReadOnlySpan<byte> content, ListLimits limits, EntryReader entries, string[] columns)
    {
        Span<Range> fields = stackalloc Range[MostColumns];
        List<int>? used = null;
        foreach (var line in TextLines.Of(content))
        {
            if (!TryFields(line, limits, entries, fields, out var count)) continue;
            if (used is null)
            {
                used = [];
                for (var i = 0; i < count; i++)
                {
                    var title = Encoding.UTF8.GetString(line.Text[fields[i]]).Trim();
                    if (columns.Contains(title, StringComparer.OrdinalIgnoreCase)) used.Add(i);
                }
                if (used.Count == 0) entries.Reject(line.Number, $"a header without any of the columns {string.Join(", ", columns)}");
                continue;
            }
            var any = false;
            foreach (var column in used)
            {
                if (column >= count || line.Text[fields[column]].Trim((byte)' ').IsEmpty) continue;
                entries.Any(line.Text[fields[column]], line.Number);
                any = true;
            }
            if (!any) entries.Reject(line.Number, "no entry in the columns that hold them");
        }
    }

    private static bool TryFields(TextLines.Line line, ListLimits limits, EntryReader entries, Span<Range> fields, out int count)
    {
        count = 0;
        if (line.Text.Length > limits.LineLength)
        {
            entries.Reject(line.Number, $"longer than {limits.LineLength} bytes");
            return false;
        }
        if (line.Text.Trim(" \t"u8).IsEmpty || line.Text[0] == '#') return false;
        count = CsvLine.Split(line.Text, fields);
        return true;
    }

    private static bool IsOtxType(ReadOnlySpan<byte> type) =>
        Ascii.EqualsIgnoreCase(type, "CIDR"u8) || Ascii.EqualsIgnoreCase(type, "IPv4"u8) || Ascii.EqualsIgnoreCase(type, "IPv6"u8)
        || Ascii.EqualsIgnoreCase(type, "Domain name"u8) || Ascii.EqualsIgnoreCase(type, "domain"u8) || Ascii.EqualsIgnoreCase(type, "hostname"u8);

    private static string Shown(ReadOnlySpan<byte> text)
    {
        var name = Encoding.ASCII.GetString(text.Length > 32 ? text[..32] : text);
        return string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
    }
}
