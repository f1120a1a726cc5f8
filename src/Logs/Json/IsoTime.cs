namespace Yagura.Logs.Json;

/// <summary>Times as AWS's JSON logs write them.</summary>
internal static class IsoTime
{
    /// <summary>Reads <c>2026-02-01T09:30:00Z</c>, with any number of fractional digits (kept to 100 ns) and any offset, into UTC.</summary>
    /// <remarks>A blank in place of the T, and a time without a zone, which is UTC: so the same logs look after a pass through a table.
    /// A leap second counts as the second before it. Allocates nothing.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        int year = Two(text, 0) * 100 + Two(text, 2), month = Two(text, 5), day = Two(text, 8);
        int hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if (year < 1 || month is < 1 or > 12 || day < 1 || (uint)hour > 23 || (uint)minute > 59 || (uint)second > 60) return false;
        if (Two(text, 0) < 0 || Two(text, 2) < 0 || day > DateTime.DaysInMonth(year, month)) return false;
        var ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks;

        int at = 19;
        if (at < text.Length && text[at] == '.')
        {
            int digits = 0;
            for (long unit = TimeSpan.TicksPerSecond / 10; ++at < text.Length && text[at] - '0' is >= 0 and <= 9 and var digit; unit /= 10, digits++)
                ticks += digit * unit;
            if (digits == 0) return false;
        }
        if (!TryReadOffset(text[at..], out var offset)) return false;
        ticks -= offset * TimeSpan.TicksPerMinute;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Minutes east of UTC: <c>Z</c>, <c>+09:00</c>, <c>+0900</c>, <c>+09</c> or nothing.</summary>
    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z']) return true;
        if (text[0] is not ((byte)'+' or (byte)'-')) return false;
        int east = text[0] == '+' ? 1 : -1, hours, rest;
        switch (text.Length)
        {
            case 3: hours = Two(text, 1); rest = 0; break;
            case 5: hours = Two(text, 1); rest = Two(text, 3); break;
            case 6 when text[3] == ':': hours = Two(text, 1); rest = Two(text, 4); break;
            default: return false;
        }
        minutes = east * (hours * 60 + rest);
        return hours is >= 0 and <= 18 && rest is >= 0 and <= 59;
    }

    /// <summary>Two digits; negative enough for any sum of them to stay out of range when they are none.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0', ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? tens * 10 + ones : -100_000;
    }
}
