namespace Yagura.Aws.Listing;

/// <summary>Which days of logs are to be listed now: the present one always, those of the overlap every hour, those before them once.</summary>
internal sealed class DaySchedule(DateOnly? since, int overlap)
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    // Logs of the last minutes of a day come in the first of the next, and clocks differ.
    private static readonly TimeSpan Night = TimeSpan.FromHours(1);

    private DateTimeOffset? _overlapListed;
    private DateOnly? _listedSince;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<DateOnly> Due(DateTimeOffset now)
    {
        var (from, last) = (DayOf(now - Night), DayOf(now + Night));
        if (_overlapListed is not { } listed || now - listed >= Again) from = Earlier(from, DayOf(now).AddDays(-overlap));
        if (since is { } first && _listedSince is null) from = Earlier(from, first);
        return [.. Enumerable.Range(0, last.DayNumber - from.DayNumber + 1).Select(back => last.AddDays(-back))];
    }

    /// <param name="days">Were listed to the end, begun at <paramref name="now"/>.</param>
    public void Done(DateTimeOffset now, IReadOnlyList<DateOnly> days)
    {
        if (days[^1] <= DayOf(now).AddDays(-overlap)) _overlapListed = now;
        if (days[^1] <= since) _listedSince = since;
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}
