namespace Yagura.Intel;

/// <summary>Cuts one line of comma-separated values (RFC 4180); a quoted field loses its quotes, and doubled ones inside stay as they are.</summary>
internal static class CsvLine
{
    /// <param name="fields">Receives where each field lies; fields past its end are left out.</param>
    /// <returns>The number of fields found, at most the length of <paramref name="fields"/>.</returns>
    public static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        int count = 0, start = 0;
        while (count < fields.Length && start <= line.Length)
        {
            var end = start;
            if (start < line.Length && line[start] == '"')
            {
                var close = start + 1;
                while (close < line.Length && (line[close] != '"' || (close + 1 < line.Length && line[close + 1] == '"')))
                    close += line[close] == '"' ? 2 : 1;
                close = Math.Min(close, line.Length);
                fields[count++] = (start + 1)..close;
                end = close;
                while (end < line.Length && line[end] != ',') end++;
            }
            else
            {
                while (end < line.Length && line[end] != ',') end++;
                fields[count++] = start..end;
            }
            start = end + 1;
            while (start < line.Length && line[start] == ' ') start++; // a blank after the comma, as in GuardDuty's own examples
        }
        return count;
    }
}
