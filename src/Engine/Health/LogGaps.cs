namespace Yagura.Engine.Health;

/// <summary>Hours without logs in a stream that has some in nearly every hour.</summary>
internal static class LogGaps
{
    /// <summary>Hours that are looked at.</summary>
    public const int Window = 72;

    /// <summary>Fewest hours that a stream must be known for.</summary>
    public const int Fewest = 24;

    /// <summary>Share of hours with logs from which on an hour without is a gap.</summary>
    public const double Regular = 0.9;

    /// <summary>Hours before the present one that may still get logs.</summary>
    public const int Settling = 2;

    /// <param name="hours">Those with logs, in any order.</param>
    /// <returns>Oldest first; none where the stream is irregular or young.</returns>
    public static IReadOnlyList<DateTimeOffset> Find(IEnumerable<DateTimeOffset> hours, DateTimeOffset now)
    {
        var last = HourOf(now).AddHours(-Settling - 1);
        var first = last.AddHours(1 - Window);
        var with = hours.Select(HourOf).Where(hour => hour >= first && hour <= last).ToHashSet();
        if (with.Count == 0) return [];
        var since = with.Min(); // a stream that began within the window has no gap before
        var span = (int)(last - since).TotalHours + 1;
        if (span < Fewest || with.Count < Regular * span) return [];
        return [.. Enumerable.Range(0, span).Select(hour => since.AddHours(hour)).Where(hour => !with.Contains(hour))];
    }

    private static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
