using Yagura.Core.FindingTypes;

namespace Yagura.Engine.Sequences;

/// <summary>When clues of one actor or group make an attack under way.</summary>
/// <remarks>More clues never make less of an attack, so that a sequence which was found stays. See docs/adr/0012-what-makes-a-sequence.md for why the rule is as it is.</remarks>
internal static class Attack
{
    /// <summary>The rolling window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>What tactics have to weigh together: 2 each where a strong clue shows it, else 1.</summary>
    public const int LeastWeight = 4;

    /// <summary>Tactics that are needed where nothing but breaks with habit is strong.</summary>
    public const int LeastTacticsOfAnomalies = 3;

    public static bool IsShownBy(IReadOnlyCollection<(Clue Clue, Occurrence Occurrence)> window)
    {
        var clues = window.GroupBy(one => one.Clue.Uid, StringComparer.Ordinal)
            .Select(clue => new Span(clue.First().Clue, clue.Min(one => one.Occurrence.First), clue.Max(one => one.Occurrence.First))).ToList();
        var strong = clues.Where(one => one.Clue.IsStrong).Select(one => one.Clue).ToList();
        if (strong.Count == 0) return false;
        var tactics = clues.Select(one => one.Clue.Tactic).Distinct().Count();
        return tactics + StrongTactics(strong) >= LeastWeight
            && tactics >= (strong.TrueForAll(clue => clue.IsAnomaly) ? LeastTacticsOfAnomalies : 2)
            && GoesForward(clues);
    }

    private readonly record struct Span(Clue Clue, DateTimeOffset First, DateTimeOffset Last);

    /// <summary>Tactics that strong clues show, where each cause may stand for one: a bad address is one thing that is known, however many types tell of it.</summary>
    private static int StrongTactics(IReadOnlyList<Clue> strong)
    {
        // A matching of tactics to causes, by augmenting paths.
        var causes = strong.ToLookup(clue => clue.Tactic!.Value, clue => clue.Cause ?? clue.Uid);
        var taken = new Dictionary<string, Tactic>(StringComparer.Ordinal);
        bool Place(Tactic tactic, HashSet<string> tried)
        {
            foreach (var cause in causes[tactic])
            {
                if (!tried.Add(cause)) continue;
                if (taken.TryGetValue(cause, out var other) && !Place(other, tried)) continue;
                taken[cause] = tactic;
                return true;
            }
            return false;
        }
        return causes.Count(tactic => Place(tactic.Key, new(StringComparer.Ordinal)));
    }

    /// <summary>Whether some step leads to one of another tactic that lies as far into an attack or farther, one of the two a strong one. What only goes backwards is no plan.</summary>
    private static bool GoesForward(IReadOnlyList<Span> clues)
    {
        // Of those alike only the first and the last time count, and there are few kinds, however many clues.
        var kinds = clues.GroupBy(one => (one.Clue.Tactic, one.Clue.IsStrong)).Select(kind => (kind.Key.Tactic, kind.Key.IsStrong, First: kind.Min(one => one.First), Last: kind.Max(one => one.Last))).ToList();
        return kinds.Exists(earlier => kinds.Exists(later =>
            (earlier.IsStrong || later.IsStrong) && earlier.First <= later.Last && earlier.Tactic != later.Tactic && earlier.Tactic?.Phase() <= later.Tactic?.Phase()));
    }
}
