namespace Yagura.Detectors.Yagura.EC2;

/// <summary>Makes room in a table: of the pairs those with the fewest connections leave, the oldest first. What shows a beacon stays as long as it can.</summary>
internal static class BeaconEviction
{
    private const ulong PairBit = 1;

    /// <param name="bytes">At least so many, of rows, are given up.</param>
    /// <returns>The names that are left, by which the rows are numbered now.</returns>
    public static BeaconNames Run(BeaconTable table, long bytes)
    {
        var (singles, pairs) = (table.Singles, table.Pairs);
        var ranks = new ulong[singles.Count + pairs.Count];
        for (var number = 0; number < singles.Count; number++) ranks[number] = RankOf(singles[number]);
        for (var number = 0; number < pairs.Count; number++) ranks[singles.Count + number] = RankOf(table, number);
        var last = LastToLeave(ranks, bytes);

        var kept = 0;
        for (var number = 0; number < singles.Count; number++)
            if (ranks[number] > last) singles[kept++] = singles[number];
        var firstPair = singles.Count;
        singles.Cut(kept);
        kept = 0;
        for (var number = 0; number < pairs.Count; number++)
            if (ranks[firstPair + number] > last) pairs[kept++] = pairs[number];
        pairs.Cut(kept);
        return Renumber(table);
    }

    // Leaves out owners and objects that no row names any more.
    private static BeaconNames Renumber(BeaconTable table)
    {
        var (names, before) = (new BeaconNames(), table.Names);
        var (owners, objects) = (new int?[before.Owners.Count], new int?[before.Objects.Count]);
        int Owner(int number) => owners[number] ??= names.NumberOf(before.Owners[number]);
        int Object(int number) => objects[number] ??= names.NumberOf(before.Objects[number]);
        for (var number = 0; number < table.Singles.Count; number++)
        {
            ref var single = ref table.Singles[number];
            single = single with { Owner = Owner(single.Owner), Object = Object(single.Object) };
        }
        for (var number = 0; number < table.Pairs.Count; number++)
        {
            ref var pair = ref table.Pairs[number];
            (pair.Owner, pair.Object) = (Owner(pair.Owner), Object(pair.Object));
        }
        return names;
    }

    private static ulong LastToLeave(ulong[] ranks, long bytes)
    {
        var leaving = (ulong[])ranks.Clone();
        Array.Sort(leaving);
        var next = 0;
        for (; bytes > 0 && next < leaving.Length - 1; next++) bytes -= (leaving[next] & PairBit) == 0 ? BeaconNote.Size : BeaconPair.Size;
        return leaving[Math.Max(0, next - 1)];
    }

    private static ulong RankOf(in BeaconNote single) => RankOf(isBeacon: false, kept: 1, single.Start, single.Remote);

    private static ulong RankOf(BeaconTable table, int row)
    {
        ref readonly var pair = ref table.Pairs[row];
        return RankOf(table.Verdicts.Has(row), pair.Kept, pair.Newest.Start, pair.Remote) | PairBit;
    }

    private static ulong RankOf(bool isBeacon, int kept, uint newest, uint remote) =>
        (isBeacon ? 1UL : 0) << 63 | (ulong)kept << 56 | (ulong)newest << 24 | remote >> 8 & ~PairBit;
}
