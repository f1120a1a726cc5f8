namespace Yagura.Matching;

/// <summary>Times as findings write them, in milliseconds since 1970.</summary>
internal static class EpochTime
{
    private const int HighestOffset = 14; // hours; no place on Earth is farther ahead

    /// <summary>Reads <c>2026-02-01T09:30:00Z</c>: with any number of fractional digits, which are cut after three, and with <c>Z</c>, an offset such as
    /// <c>+09:00</c> or no zone, which is UTC.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        int century = Two(text, 0), year = Two(text, 2), month = Two(text, 5), day = Two(text, 8), hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if (century < 0 || year < 0 || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        year += 100 * century;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        var rest = text[19..];
        var fraction = 0;
        if (rest is [(byte)'.', ..])
        {
            var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits < 0) digits = rest.Length - 1;
            if (digits == 0) return false;
            for (var at = 1; at <= 3; at++) fraction = fraction * 10 + (at <= digits ? rest[at] - '0' : 0);
            rest = rest[(1 + digits)..];
        }
        if (!TryOffset(rest, out var offset)) return false;
        milliseconds = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).ToUnixTimeMilliseconds() + fraction - offset * 60_000L;
        return true;
    }

    /// <param name="minutes">East of UTC.</param>
    private static bool TryOffset(ReadOnlySpan<byte> zone, out int minutes)
    {
        minutes = 0;
        if (zone is [] or [(byte)'Z']) return true;
        if (zone is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]) return false;
        int hours = Two(zone, 1), rest = Two(zone, 4);
        minutes = (zone[0] == '-' ? -1 : 1) * (hours * 60 + rest);
        return hours is >= 0 and <= HighestOffset && rest is >= 0 and <= 59;
    }

    /// <returns>A negative number where there are not two digits.</returns>
    private static int Two(ReadOnlySpan<byte> text, int at) =>
        char.IsAsciiDigit((char)text[at]) && char.IsAsciiDigit((char)text[at + 1]) ? (text[at] - '0') * 10 + text[at + 1] - '0' : -1;
}
