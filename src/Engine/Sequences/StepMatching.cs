namespace Yagura.Engine.Sequences;

/// <summary>Gives each step of a sequence a record of its own, whatever their order, so that the last of these is as early as can be.</summary>
/// <remarks>A matching of records and steps that grows by one record after the other, in the order of time: a new record takes a free step, or one whose record can take another (H. W. Kuhn, "The Hungarian method for
/// the assignment problem", 1955). So all steps have one as soon as it is possible.</remarks>
internal sealed class StepMatching
{
    private readonly Record?[] _records; // of each step

    private StepMatching(int steps) => _records = new Record?[steps];

    /// <summary>One record with the steps that it may be, and as what each would show it.</summary>
    private sealed record Record(IReadOnlyDictionary<int, (Clue Clue, Occurrence Occurrence)> Steps);

    /// <param name="steps">For each step its occurrences, by time.</param>
    /// <returns>One of each, by time; null where there are not enough different records.</returns>
    public static IReadOnlyList<(Clue Clue, Occurrence Occurrence)>? Of(IReadOnlyList<IEnumerable<(Clue Clue, Occurrence Occurrence)>> steps)
    {
        // The other steps take one record each: of the records of a step, no more than there are steps can matter.
        var records = steps.SelectMany((times, step) => times.DistinctBy(one => NameOf(one.Occurrence, step)).Take(steps.Count).Select(one => (Step: step, One: one)))
            .GroupBy(offer => NameOf(offer.One.Occurrence, offer.Step)).OrderBy(offers => offers.Min(offer => offer.One.Occurrence.First))
            .Select(offers => new Record(offers.ToDictionary(offer => offer.Step, offer => offer.One)));
        var matching = new StepMatching(steps.Count);
        var taken = 0;
        foreach (var record in records)
        {
            if (matching.Take(record, []) && ++taken == steps.Count)
                return [.. matching._records.Select((one, step) => one!.Steps[step]).OrderBy(one => one.Occurrence.First)];
        }
        return null;
    }

    private bool Take(Record record, HashSet<int> asked)
    {
        foreach (var step in record.Steps.Keys)
        {
            if (!asked.Add(step) || (_records[step] is { } other && !Take(other, asked))) continue;
            _records[step] = record;
            return true;
        }
        return false;
    }

    // What is only known by its hour is taken for a record of its own.
    private static (UInt128 Identity, int Step, DateTimeOffset Hour) NameOf(Occurrence occurrence, int step) =>
        occurrence.Evidence is [var record, ..] ? (record.Identity, -1, default) : (0, step, occurrence.First);
}
