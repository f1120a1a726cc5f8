namespace Yagura.Engine.Baselines;

/// <summary>One observation: a subject did something on a day. Seen again on that day it says nothing new.</summary>
/// <param name="Subject">Hash of who: a principal, a peer group, an account.</param>
/// <param name="Feature">Hash of what: an API, a network, a user agent. Below the four bits that say what it is about are 28: two of one kind and subject are taken for one in 2^28 pairs.</param>
/// <param name="Day">Days of UTC since 1970.</param>
public readonly record struct Habit(ulong Subject, uint Feature, int Day)
{
    /// <summary>The day of a time, in days of UTC since 1970.</summary>
    public static int DayOf(DateTimeOffset time) => (int)(time.UtcTicks / TimeSpan.TicksPerDay) - (int)(DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay);
}
