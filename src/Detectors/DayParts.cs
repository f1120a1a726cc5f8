using System.Text.Json.Serialization;

namespace Yagura.Detectors;

/// <summary>What is kept of each day in two parts: before six o'clock, while logs of the day before may still come, and from then on.</summary>
/// <remarks>
/// A record is judged against the days that ended before its time less <see cref="Lateness"/>. So a day that is judged goes from six to six, and a day that is learnt from
/// goes from midnight to midnight; both are made of these parts. Parts that are older than the newest by more than <see cref="DaySet.Width"/> days are forgotten.
/// </remarks>
public sealed class DayParts<T> : IMergeable<DayParts<T>> where T : class, IMergeable<T>, new()
{
    /// <summary>How long the logs of a day are waited for before it counts as known.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromHours(6);

    private readonly SortedDictionary<int, T> _parts = [];

    public DayParts() { }

    /// <summary>Restores the parts.</summary>
    [JsonConstructor]
    public DayParts(IReadOnlyDictionary<int, T> parts)
    {
        foreach (var (number, part) in parts) _parts.Add(number, part);
    }

    /// <summary>By number: twice the day, and one more for its later part.</summary>
    public IReadOnlyDictionary<int, T> Parts => _parts;

    /// <summary>The days that records are judged by: that of the time less <see cref="Lateness"/>.</summary>
    [JsonIgnore]
    public IEnumerable<int> JudgedDays => _parts.Keys.Select(Judged).Distinct();

    /// <summary>The part a time lies in, made at its first record.</summary>
    public T Of(DateTimeOffset time) => Of(2 * DaySet.DayOf(time) + (time.TimeOfDay < Lateness ? 0 : 1));

    /// <summary>What is judged by a day, from six to six.</summary>
    public IEnumerable<T> JudgedBy(int day) => At(2 * day + 1, 2 * day + 2);

    /// <summary>What a day taught, from midnight to midnight.</summary>
    public IEnumerable<T> On(int day) => At(2 * day, 2 * day + 1);

    public void Merge(DayParts<T> other)
    {
        foreach (var (number, part) in other._parts) Of(number).Merge(part);
        if (_parts.Count > 0) Forget(number => number / 2 <= _parts.Keys.Last() / 2 - DaySet.Width);
    }

    /// <summary>Forgets what is judged by some days.</summary>
    public void ForgetJudged(Func<int, bool> days) => Forget(number => days(Judged(number)));

    private void Forget(Func<int, bool> numbers)
    {
        foreach (var number in _parts.Keys.Where(numbers).ToList()) _parts.Remove(number);
    }

    private T Of(int number)
    {
        if (!_parts.TryGetValue(number, out var part)) _parts.Add(number, part = new T());
        return part;
    }

    private IEnumerable<T> At(int one, int other)
    {
        if (_parts.TryGetValue(one, out var part)) yield return part;
        if (_parts.TryGetValue(other, out part)) yield return part;
    }

    private static int Judged(int number) => (number - 1) / 2;
}
