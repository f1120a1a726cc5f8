namespace Yagura.Engine.Sequences;

/// <summary>Clues that belong to one attack, with the times at which it had them.</summary>
/// <param name="Steps">By time.</param>
internal sealed record Episode(IReadOnlyList<(Clue Clue, Occurrence Occurrence)> Steps)
{
    /// <summary>Occurrences looked at of one actor or group, the newest: what is older than all of these is not judged again.</summary>
    public const int MostOccurrences = 4_000;

    public DateTimeOffset First => Steps[0].Occurrence.First;

    /// <summary>The clues in the order in which they were seen first, each with its occurrences.</summary>
    public IReadOnlyList<(Clue Clue, IReadOnlyList<Occurrence> Occurrences)> Clues =>
        [.. Steps.GroupBy(step => step.Clue.Uid, StringComparer.Ordinal).Select(group => (group.First().Clue, (IReadOnlyList<Occurrence>)[.. group.Select(step => step.Occurrence)]))];

    /// <summary>Equal for attacks that go the same way.</summary>
    public string Way => string.Join('\n', Clues.Select(clue => clue.Clue.Name));

    /// <summary>The attacks among some clues: windows that show one, put together where they overlap.</summary>
    /// <param name="isAttack">Whether what lies in one window is an attack. Of what is one, more is one too.</param>
    public static IEnumerable<Episode> Among(IEnumerable<Clue> clues, Func<IReadOnlyCollection<(Clue, Occurrence)>, bool> isAttack)
    {
        List<(Clue Clue, Occurrence Occurrence)> all =
            [.. clues.SelectMany(clue => clue.Occurrences.Select(occurrence => (clue, occurrence))).OrderBy(one => one.occurrence.First).ThenBy(one => one.clue.Uid, StringComparer.Ordinal).ThenBy(one => one.occurrence.Last).TakeLast(MostOccurrences)];
        var ends = EndsOf(all);
        // More clues never make less of an attack: of the windows with the same end the first is asked for all.
        bool BeginsAttack(int start) => (start == 0 || ends[start] > ends[start - 1]) && isAttack(all[start..ends[start]]);
        for (var start = 0; start < all.Count; start++)
        {
            if (!BeginsAttack(start)) continue;
            var end = ends[start];
            for (var next = start + 1; next < end; next++)
                if (ends[next] > end && BeginsAttack(next)) end = ends[next];
            yield return new(all[start..end]);
            start = end - 1;
        }
    }

    /// <summary>Where the window that begins at each place ends.</summary>
    private static int[] EndsOf(List<(Clue Clue, Occurrence Occurrence)> all)
    {
        var ends = new int[all.Count];
        for (var (start, end) = (0, 0); start < all.Count; ends[start++] = end)
            while (end < all.Count && all[end].Occurrence.First - all[start].Occurrence.First <= Attack.Window) end++;
        return ends;
    }
}
