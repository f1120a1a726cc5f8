using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>The earliest record in the late half of a window, with who asked and what: the pattern of the detection that is decided once enough was seen.</summary>
/// <remarks>Every half is the late one of one window, so no two windows tell of the same record, and of all that decide the newest is shown. What lies in an early half alone
/// is left to the window before.</remarks>
public sealed record FirstQuery(Detection Detection, Evidence Record)
{
    /// <summary>Whether a query may take the place of what is known; saves making a detection of every query.</summary>
    public static bool MayBe(DnsQuery query, FirstQuery? known) => known is null || query.Time <= known.Record.Time;

    public static FirstQuery? Earlier(FirstQuery? one, FirstQuery? other)
    {
        if (one is null || other is null) return one ?? other;
        var order = Evidence.ByTime.Compare(one.Record, other.Record);
        return order < 0 || (order == 0 && one.Record.IsNamedBefore(other.Record)) ? one : other;
    }
}
