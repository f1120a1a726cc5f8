namespace Yagura.Matching.Sigma.Correlations;

/// <summary>The most things that any span of time holds.</summary>
internal static class Peak
{
    /// <param name="things">At least one.</param>
    /// <param name="span">Length in ticks; its ends belong to it.</param>
    /// <returns>How many, and the times of the first and last of them; of several such spans the earliest.</returns>
    public static (int Count, long First, long Last) Of(IReadOnlyList<SeenThing> things, long span)
    {
        // A span that begins in the early half may as well begin at the latest time of some thing there; one that begins in the late half holds at most all that is there.
        var starts = things.Where(thing => thing.LastEarly is not null).OrderBy(thing => thing.LastEarly).ToList();
        var ends = things.Where(thing => thing.FirstLate is not null).OrderBy(thing => thing.FirstLate).ToList();
        var best = ends.Count == 0 ? (0, 0L, 0L) : (ends.Count, ends[0].FirstLate!.Value, ends[^1].FirstLate!.Value);
        var count = starts.Count;
        var entered = 0;
        for (var at = 0; at < starts.Count; at++)
        {
            var start = starts[at].LastEarly!.Value;
            // What is in the span already by its early time is not counted again by its late one.
            for (; entered < ends.Count && ends[entered].FirstLate <= start + span; entered++)
            {
                if (!(ends[entered].LastEarly >= start)) count++;
            }
            if (count > best.Item1 || (count == best.Item1 && start < best.Item2))
                best = (count, start, entered > 0 ? ends[entered - 1].FirstLate!.Value : starts[^1].LastEarly!.Value);
            // It leaves with this start, unless its late time is in the span.
            if (!(starts[at].FirstLate <= start + span)) count--;
        }
        return best;
    }
}
