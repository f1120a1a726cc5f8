namespace Yagura.Detectors.Yagura.EC2;

/// <summary>Pairs of a client and a server's port as rows of fixed size: 28 bytes for one that was seen once, 116 from its second connection on.</summary>
/// <remarks>
/// An object for each pair would take ten times the memory and, merged a million times, ten times the time.
/// Where too many interfaces of an account are at one peer only <see cref="BeaconPairs.MostInterfaces"/> of them are kept: enough to know that there are too many.
/// </remarks>
internal sealed class BeaconTable(long mostBytes)
{
    /// <summary>Names of objects that are kept beside the pairs.</summary>
    private const int MostObjects = 1 << 18;

    /// <summary>Rows that are looked up together.</summary>
    private const int Together = 32;

    private const int PageBits = 14;

    private readonly BeaconIndex _index = new();
    private uint _warm; // what was read for the cache's sake

    public BeaconNames Names { get; private set; } = new();

    /// <summary>Pairs that were seen once.</summary>
    public Pages<BeaconNote> Singles { get; } = new(PageBits);

    /// <summary>The others.</summary>
    public Pages<BeaconPair> Pairs { get; } = new(PageBits);

    /// <summary>What the pairs showed last; kept here since only those that changed have to be judged anew.</summary>
    public BeaconVerdicts Verdicts { get; } = new();

    public int Count => _index.Count;

    /// <summary>Bytes of rows and index.</summary>
    public long Bytes => (long)Singles.Count * BeaconNote.Size + (long)Pairs.Count * BeaconPair.Size + _index.Bytes;

    /// <summary>Pairs that had to leave, those of merged tables among them.</summary>
    public long Evicted { get; set; }

    /// <summary>Adds connections of which some belong to one pair, as the rule.</summary>
    /// <param name="names">What their numbers stand for.</param>
    public void Merge(Pages<BeaconNote> notes, BeaconNames names)
    {
        if (notes.Count == 0) return;
        var numbers = NumbersOf(names);
        Span<BeaconNote> some = stackalloc BeaconNote[Together];
        Span<uint> hashes = stackalloc uint[Together];
        for (var page = 0; page < notes.PageCount; page++)
        {
            for (var rest = notes.Page(page); !rest.IsEmpty; rest = rest[Math.Min(Together, rest.Length)..])
            {
                var count = Math.Min(Together, rest.Length);
                for (var i = 0; i < count; i++)
                {
                    some[i] = rest[i] with { Owner = numbers.Owners[rest[i].Owner], Object = numbers.Objects[rest[i].Object] };
                    hashes[i] = some[i].Key.HashOf(numbers.Accounts[rest[i].Owner]);
                }
                Warm(hashes[..count]);
                for (var i = 0; i < count; i++) Add(some[i], hashes[i]);
                if (MakeRoom()) numbers = NumbersOf(names);
            }
        }
    }

    /// <inheritdoc cref="Merge(Pages{BeaconNote}, BeaconNames)"/>
    public void Merge(Pages<BeaconPair> pairs, BeaconNames names)
    {
        if (pairs.Count == 0) return;
        var numbers = NumbersOf(names);
        for (var row = 0; row < pairs.Count; row++)
        {
            var pair = pairs[row];
            var hash = pair.Key.HashOf(numbers.Accounts[pair.Owner]);
            (pair.Owner, pair.Object) = (numbers.Owners[pair.Owner], numbers.Objects[pair.Object]);
            Add(pair, hash);
            if (MakeRoom()) numbers = NumbersOf(names);
        }
    }

    /// <summary>What the numbers of other names are here.</summary>
    private BeaconNumbers NumbersOf(BeaconNames names) =>
        new([.. names.Owners.Select(NumberOf)], [.. names.Objects.Select(Names.NumberOf)], [.. Enumerable.Range(0, names.Owners.Count).Select(names.AccountOf)]);

    private readonly record struct BeaconNumbers(int[] Owners, int[] Objects, uint[] Accounts);

    private int NumberOf(BeaconOwner owner)
    {
        var number = Names.NumberOf(owner, out var turned);
        if (turned)
        {
            for (var row = 0; row < Pairs.Count; row++)
                if (Pairs[row].Owner == number) Touch(row);
        }
        return number;
    }

    // Nothing that is read depends on what was read before, so that the processor waits for all of it at once.
    private void Warm(ReadOnlySpan<uint> hashes)
    {
        _index.Warm(hashes);
        var warm = 0u;
        foreach (var hash in hashes)
        {
            var slot = _index.SlotOf(hash);
            if (!_index.Seek(hash, ref slot)) continue;
            var place = _index[slot];
            warm += place.IsSingle ? Singles[place.Number].Start : Pairs[place.Number].Warm();
        }
        _warm = warm;
    }

    private void Add(in BeaconNote note, uint hash)
    {
        var slot = Find(note.Key, hash, out var known, out var sharers);
        if (known is not { } place)
        {
            if (sharers >= BeaconPairs.MostInterfaces) return;
            _index.Set(slot, hash, new(IsSingle: true, Singles.Add(note)));
            Grew(note.Key, hash, sharers);
        }
        else if (!place.IsSingle || !JoinsSingle(place.Number, note))
        {
            var row = place.IsSingle ? Promote(slot, hash) : place.Number;
            Pairs[row].Merge(note, Names);
            Touch(row);
        }
    }

    private void Add(in BeaconPair pair, uint hash)
    {
        var slot = Find(pair.Key, hash, out var known, out var sharers);
        if (known is { } place)
        {
            var row = place.IsSingle ? Promote(slot, hash) : place.Number;
            Pairs[row].Merge(pair, Names);
            Touch(row);
        }
        else if (sharers < BeaconPairs.MostInterfaces)
        {
            var row = Pairs.Add(pair);
            _index.Set(slot, hash, new(IsSingle: false, row));
            Touch(row);
            Grew(pair.Key, hash, sharers);
        }
    }

    /// <summary>Whether the connection of a single is told once more, perhaps by another record.</summary>
    private bool JoinsSingle(int number, in BeaconNote note)
    {
        ref var single = ref Singles[number];
        if (single.Start != note.Start || single.Connection != note.Connection) return false;
        if (note.Record.IsNewer(single.Record, Names)) single = note;
        return true;
    }

    /// <summary>Makes a pair of a single, whose place the last single takes.</summary>
    private int Promote(int slot, uint hash)
    {
        var number = _index[slot].Number;
        var row = Pairs.Add(new(Singles[number]));
        _index.Set(slot, hash, new(IsSingle: false, row));
        var last = Singles.Count - 1;
        if (number != last)
        {
            var (place, lastHash) = (new BeaconPlace(IsSingle: true, last), HashOf(Singles[last].Key));
            var at = _index.SlotOf(lastHash);
            while (_index.Seek(lastHash, ref at) && _index[at] != place) at = _index.Next(at);
            _index.Set(at, lastHash, place with { Number = number });
            Singles[number] = Singles[last];
        }
        Singles.Cut(last);
        return row;
    }

    /// <summary>Looks a pair up. Pairs of one peer share their place, so that those of other interfaces are met on the way.</summary>
    /// <param name="sharers">Other interfaces of the account at the same peer.</param>
    /// <returns>Where it is in the index, or belongs.</returns>
    private int Find(in BeaconKey wanted, uint hash, out BeaconPlace? known, out int sharers)
    {
        sharers = 0;
        var slot = _index.SlotOf(hash);
        for (; _index.Seek(hash, ref slot); slot = _index.Next(slot))
        {
            var key = KeyAt(_index[slot]);
            if (!key.IsSamePeer(wanted)) continue;
            if (key.Owner == wanted.Owner)
            {
                known = _index[slot];
                return slot;
            }
            if (Names.AccountOf(key.Owner) == Names.AccountOf(wanted.Owner)) sharers++;
        }
        known = null;
        return slot;
    }

    private BeaconKey KeyAt(BeaconPlace place) => place.IsSingle ? Singles[place.Number].Key : Pairs[place.Number].Key;

    private uint HashOf(in BeaconKey key) => key.HashOf(Names.AccountOf(key.Owner));

    /// <summary>How many interfaces of the account are at the peer of a pair, itself among them; at most <see cref="BeaconPairs.MostInterfaces"/>.</summary>
    public int InterfacesAt(int row) => PlacesAt(Pairs[row].Key, HashOf(Pairs[row].Key)).Count();

    private IEnumerable<BeaconPlace> PlacesAt(BeaconKey peer, uint hash)
    {
        for (var slot = _index.SlotOf(hash); _index.Seek(hash, ref slot); slot = _index.Next(slot))
        {
            var key = KeyAt(_index[slot]);
            if (key.IsSamePeer(peer) && Names.AccountOf(key.Owner) == Names.AccountOf(peer.Owner)) yield return _index[slot];
        }
    }

    // With one more interface at their peer, others may be no beacons any more.
    private void Grew(in BeaconKey key, uint hash, int sharers)
    {
        if (sharers > 0)
        {
            foreach (var place in PlacesAt(key, hash))
                if (!place.IsSingle) Touch(place.Number);
        }
        if (_index.IsFull) Reindex(grow: true);
    }

    // What has too few connections is no beacon, whatever changes.
    private void Touch(int row)
    {
        if (Pairs[row].Kept >= Beaconing.FewestConnections) Verdicts.Touch(row);
    }

    private void Reindex(bool grow)
    {
        _index.Clear(grow);
        Span<uint> hashes = stackalloc uint[Together];
        for (var first = 0; first < Singles.Count; first += Together)
        {
            var some = hashes[..Math.Min(Together, Singles.Count - first)];
            for (var i = 0; i < some.Length; i++) some[i] = HashOf(Singles[first + i].Key);
            _index.Add(some, isSingle: true, first);
        }
        for (var first = 0; first < Pairs.Count; first += Together)
        {
            var some = hashes[..Math.Min(Together, Pairs.Count - first)];
            for (var i = 0; i < some.Length; i++) some[i] = HashOf(Pairs[first + i].Key);
            _index.Add(some, isSingle: false, first);
        }
    }

    /// <returns>True where some had to leave, after which rows, owners and objects have other numbers.</returns>
    private bool MakeRoom()
    {
        if (Bytes <= mostBytes && Names.Objects.Count <= MostObjects) return false;
        var before = Count;
        Names = BeaconEviction.Run(this, Math.Max(Bytes - mostBytes, 0) + mostBytes / 8);
        Reindex(grow: false);
        Evicted += before - Count;
        Verdicts.Forget();
        for (var row = 0; row < Pairs.Count; row++) Touch(row);
        return true;
    }
}
