using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Engine.Suppressions;

/// <summary>What a rule hides is no longer what it hid when somebody last looked at it.</summary>
/// <param name="First">When that began.</param>
/// <param name="Last">When the newest of it came.</param>
/// <param name="Count">How many new values, or occurrences.</param>
/// <param name="Gravest">The level of what is hidden now, where that is what changed; else Medium.</param>
/// <param name="Why">One line for people.</param>
public sealed record PatternChange(PatternChangeKind Kind, DateTimeOffset First, DateTimeOffset Last, long Count, Severity Gravest, string Why)
{
    /// <summary>A rule that met as many actors hides whomever it meets: a new one says nothing.</summary>
    public const int ManyActors = 20;

    /// <summary>Fewest occurrences of a day that are much.</summary>
    public const long MuchAtLeast = 20;

    /// <summary>How many times those of the busiest day so far are much.</summary>
    public const int MuchFactor = 5;

    /// <summary>A rule that nobody has seen at work may learn for so long after it first met something what it is there for.</summary>
    public static readonly TimeSpan Learning = TimeSpan.FromDays(1);

    private const int MostNamed = 3;

    /// <summary>Holds what a rule met against what it had met when it was last reviewed.</summary>
    /// <remarks>Pure: the same pattern, the same changes, at any later time of the same day.</remarks>
    public static IReadOnlyList<PatternChange> Judge(HiddenPattern pattern, DateTimeOffset reviewed, DateTimeOffset now)
    {
        if (pattern.Traits.Count == 0) return [];
        var learnt = pattern.Traits.Min(trait => trait.First) + Learning;
        var expected = reviewed > learnt ? reviewed : learnt;
        return [.. new[] { Actors(pattern, expected), Types(pattern, expected), Severities(pattern, expected), Volume(pattern, expected, now) }.OfType<PatternChange>()];
    }

    private static PatternChange? Actors(HiddenPattern pattern, DateTimeOffset expected)
    {
        var actors = Of(pattern, HiddenTraitKind.Actor);
        var known = actors.Count(actor => actor.First <= expected);
        return known is 0 or > ManyActors ? null : New(PatternChangeKind.Actor, actors, expected, known == 1 ? "the only one before was expected" : $"{known} were expected", "actor", "actors");
    }

    private static PatternChange? Types(HiddenPattern pattern, DateTimeOffset expected) =>
        New(PatternChangeKind.Type, Of(pattern, HiddenTraitKind.Type), expected, "it hid none of it before", "finding type", "finding types");

    private static PatternChange? Severities(HiddenPattern pattern, DateTimeOffset expected)
    {
        var levels = Of(pattern, HiddenTraitKind.Severity).Where(level => Enum.TryParse<Severity>(level.Value, out _)).ToList();
        var gravest = levels.Where(level => level.First <= expected).Select(level => Enum.Parse<Severity>(level.Value)).DefaultIfEmpty(Severity.Low).Max();
        var graver = levels.Where(level => level.First > expected && Enum.Parse<Severity>(level.Value) > gravest).OrderBy(level => Enum.Parse<Severity>(level.Value)).ToList();
        if (graver is not [.., var worst]) return null;
        return new(PatternChangeKind.Severity, graver.Min(level => level.First), graver.Max(level => level.First), graver.Sum(level => level.Occurrences), Enum.Parse<Severity>(worst.Value),
            $"it now hides findings of severity {worst.Value}; {gravest} was the gravest before");
    }

    private static PatternChange? Volume(HiddenPattern pattern, DateTimeOffset expected, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var accepted = DateOnly.FromDateTime(expected.UtcDateTime);
        var busiest = pattern.Days.Where(day => day.Day <= accepted && day.Day < today).Select(day => day.Occurrences).DefaultIfEmpty().Max();
        var much = pattern.Days.Where(day => day.Day > accepted && day.Occurrences >= MuchAtLeast && day.Occurrences > MuchFactor * busiest).ToList();
        if (busiest == 0 || much is not [var first, ..]) return null;
        var worst = much.Max(day => day.Occurrences);
        return new(PatternChangeKind.Volume, StartOf(first.Day), StartOf(much[^1].Day), worst, Severity.Medium, string.Create(CultureInfo.InvariantCulture,
            $"it hid {worst} occurrences in one day; {busiest} on the busiest day before"));
    }

    private static PatternChange? New(PatternChangeKind kind, IReadOnlyList<HiddenTrait> all, DateTimeOffset expected, string before, string one, string many)
    {
        var fresh = all.Where(trait => trait.First > expected).ToList();
        if (fresh.Count == 0) return null;
        var named = string.Join(", ", fresh.Take(MostNamed).Select(trait => trait.Value)) + (fresh.Count > MostNamed ? $" and {fresh.Count - MostNamed} more" : "");
        return new(kind, fresh[0].First, fresh[^1].First, fresh.Count, Severity.Medium, $"it now hides {(fresh.Count == 1 ? $"another {one}" : $"other {many}")}: {named}; {before}");
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static List<HiddenTrait> Of(HiddenPattern pattern, HiddenTraitKind kind) => [.. pattern.Traits.Where(trait => trait.Kind == kind).OrderBy(trait => trait.First)];
}

public enum PatternChangeKind { Actor, Type, Severity, Volume }
