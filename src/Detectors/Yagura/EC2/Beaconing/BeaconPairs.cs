using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>All pairs of a client and a server's port that flow logs show, a row of fixed size each.</summary>
/// <remarks>
/// An object for each pair would take ten times the memory and, merged a million times, ten times the time. Rows lie in pages in the order in which they came, beside an index of their
/// numbers by open addressing. While an object is read its connections are only noted, and looked up many at once when it is merged. Merging walks the other table by rows, for in the order of its index everything would fall into the same places of this one.
/// Where too many interfaces of an account are at one peer only <see cref="MostInterfaces"/> of them are kept: enough to know that there are too many.
/// </remarks>
public sealed class BeaconPairs : IMergeable<BeaconPairs>, IBounded
{
    /// <summary>Pairs that are kept: 232 MiB of rows and 16 MiB of index.</summary>
    public const int MostPairs = 1 << 21;

    /// <summary>Interfaces of an account that are kept at one peer in a day.</summary>
    public const int MostInterfaces = 6;

    /// <summary>Names of objects that are kept beside the pairs.</summary>
    private const int MostObjects = 1 << 18;

    /// <summary>Notes of an object that wait to be looked up together.</summary>
    private const int MostNotes = 1 << 17;

    private const uint RowMask = 2 * MostPairs - 1, TagMask = ~RowMask;

    private const int PageBits = 9, PageRows = 1 << PageBits, FirstPage = 16;

    private readonly int _mostPairs;
    private readonly List<BeaconPair[]> _pages = [];
    private readonly List<BeaconOwner> _owners = [];
    private readonly List<string> _objects = [];
    private readonly Dictionary<(string, string?, IpAddress, bool), int> _ownersByKey = [];
    private readonly Dictionary<string, int> _objectsByName = new(StringComparer.Ordinal);
    private uint[] _index = new uint[2 * FirstPage]; // row numbers plus one, and above them a part of the hash, so that other rows are not looked at
    private BeaconNote[] _notes = [];
    private int _noted; // notes that are not in the table yet, all of the last object
    private FlowOwners _flowOwners = new();

    public BeaconPairs() : this(MostPairs) { }

    internal BeaconPairs(int mostPairs) => _mostPairs = mostPairs;

    /// <summary>Restores a table from its properties.</summary>
    [JsonConstructor]
    public BeaconPairs(IReadOnlyList<BeaconOwner> owners, IReadOnlyList<string> objects, IReadOnlyList<byte[]> rows, byte[]? notes, string notedIn) : this(MostPairs)
    {
        var owner = owners.Select(Intern).ToArray();
        var name = objects.Select(Intern).ToArray();
        foreach (var page in rows)
        {
            foreach (var stored in MemoryMarshal.Cast<byte, BeaconPair>(page))
            {
                var row = stored;
                if ((uint)row.Owner >= owner.Length || (uint)row.Object >= name.Length || row.Kept > BeaconPair.MostStarts) throw new ArgumentException("a pair that is none", nameof(rows));
                (row.Owner, row.Object) = (owner[row.Owner], name[row.Object]);
                Merge(row, objects[stored.Object]);
            }
        }
        NotedIn = notedIn;
        _notes = MemoryMarshal.Cast<byte, BeaconNote>(notes).ToArray();
        _noted = _notes.Length;
        foreach (ref var note in _notes.AsSpan())
        {
            if ((uint)note.Owner >= owner.Length) throw new ArgumentException("a connection that is none", nameof(notes));
            note = note with { Owner = owner[note.Owner] };
        }
    }

    public IReadOnlyList<BeaconOwner> Owners => _owners;

    /// <summary>Names of objects.</summary>
    public IReadOnlyList<string> Objects => _objects;

    /// <summary>The rows as they lie in memory, <see cref="BeaconPair.Size"/> bytes each, in pages.</summary>
    public IReadOnlyList<byte[]> Rows => [.. _pages.Select((page, number) => MemoryMarshal.AsBytes(page.AsSpan(0, Math.Min(PageRows, Count - number * PageRows))).ToArray())];

    /// <summary>Connections that are not in rows yet, as they lie in memory.</summary>
    public byte[]? Notes => _noted == 0 ? null : MemoryMarshal.AsBytes(_notes.AsSpan(0, _noted)).ToArray();

    /// <summary>The object that shows them.</summary>
    public string NotedIn { get; private set; } = "";

    [JsonIgnore]
    public int Count { get; private set; }

    [JsonIgnore]
    public long Evicted { get; private set; }

    /// <summary>Bytes of rows and index.</summary>
    [JsonIgnore]
    public long Bytes => _pages.Sum(page => (long)page.Length * BeaconPair.Size) + (long)_index.Length * sizeof(uint);

    /// <summary>What the rows showed last; kept here since only rows that changed have to be judged anew.</summary>
    internal BeaconVerdicts Verdicts { get; } = new();

    public ref readonly BeaconPair this[int row] => ref Row(row);

    private ref BeaconPair Row(int row) => ref _pages[row >> PageBits][row & (PageRows - 1)];

    /// <summary>Adds a record by which a client opens a connection: it is noted, and looked up when the object is merged.</summary>
    /// <param name="local">The end inside; what is remote is the other one.</param>
    /// <param name="isTold">Whether the record itself tells that <paramref name="local"/> is the interface's own; else the object's other records do.</param>
    public void Add(FlowRecord flow, IpAddress local, IpAddress remote, bool isTarget, bool isTold, ISteps<BeaconPairs> steps)
    {
        if (_noted == MostNotes)
        {
            _noted = 0;
            Settle(_notes, [.. _owners], NotedIn);
        }
        if (_noted == _notes.Length) Array.Resize(ref _notes, Math.Max(FirstPage, 2 * _noted));
        NotedIn = steps.ObjectName;
        var start = flow.Start.ToUnixTimeSeconds();
        _notes[_noted++] = new(
            remote.V4, OwnerOf(flow, local, isTold, steps), (uint)start, (uint)Math.Min(flow.Record, uint.MaxValue), (uint)Math.Clamp(flow.Bytes, 1, uint.MaxValue),
            flow.DestinationPort, flow.SourcePort, (ushort)Math.Clamp(flow.End.ToUnixTimeSeconds() - start, 0, ushort.MaxValue), isTarget, flow.Protocol == FlowFacts.Udp);
    }

    public void Merge(BeaconPairs other)
    {
        foreach (ref var owner in CollectionsMarshal.AsSpan(other._owners)) owner = owner.Settled();
        int[] NumbersOfObjects() => [.. other._objects.Select(Intern)];
        var (owners, objects) = (NumbersOf(other._owners), NumbersOfObjects());
        for (var i = 0; i < other.Count; i++)
        {
            var row = other[i];
            var name = other._objects[row.Object];
            (row.Owner, row.Object) = (owners[row.Owner], objects[row.Object]);
            if (Merge(row, name)) (owners, objects) = (NumbersOf(other._owners), NumbersOfObjects());
        }
        Settle(other._notes.AsSpan(0, other._noted), other._owners, other.NotedIn);
        Evicted += other.Evicted;
    }

    // Some at a time: nothing that is looked up depends on the one before, so that the processor waits for all of them at once.
    private void Settle(ReadOnlySpan<BeaconNote> notes, IReadOnlyList<BeaconOwner> ownersOfNotes, string objectName)
    {
        const int Together = 32;
        if (notes.IsEmpty) return;
        Span<int> known = stackalloc int[Together];
        uint[] accounts = [.. ownersOfNotes.Select(owner => owner.Account)];
        var (owners, objectNumber) = (NumbersOf(ownersOfNotes), Intern(objectName));
        for (; !notes.IsEmpty; notes = notes[Math.Min(Together, notes.Length)..])
        {
            var some = notes[..Math.Min(Together, notes.Length)];
            for (var i = 0; i < some.Length; i++) known[i] = Candidate(HashOf(some[i].Remote, some[i].Day, some[i].Port, some[i].IsTarget, accounts[some[i].Owner]));
            for (var i = 0; i < some.Length; i++)
                if (known[i] >= 0 && !Row(known[i]).Is(some[i], owners[some[i].Owner])) known[i] = -1;
            for (var i = 0; i < some.Length; i++)
            {
                ref readonly var note = ref some[i];
                if (known[i] >= 0) Join(known[i], note, objectNumber, objectName);
                else if (Merge(note.ToPair(owners[note.Owner], objectNumber), objectName))
                {
                    // To make room, everything was numbered anew.
                    (owners, objectNumber) = (NumbersOf(ownersOfNotes), Intern(objectName));
                    known.Fill(-1);
                }
            }
        }
    }

    private int[] NumbersOf(IReadOnlyList<BeaconOwner> owners) => [.. owners.Select(Intern)];

    /// <returns>True where others had to leave, after which rows, owners and objects have other numbers.</returns>
    private bool Merge(in BeaconPair row, string objectName)
    {
        var slot = Find(row, out var known, out var sharers);
        if (known >= 0)
        {
            Join(known, row, objectName);
            return false;
        }
        if (sharers >= MostInterfaces) return false;
        Append(row);
        _index[slot] = (uint)Count | (HashOf(row, _owners[row.Owner].Account) & TagMask);
        Touch(Count - 1);
        if (sharers > 0) ForEachInterfaceAt(row, Touch);
        if (Count >= _mostPairs || _objects.Count > MostObjects)
        {
            Evict();
            return true;
        }
        if (Count > _index.Length / 4 * 3) Reindex(2 * _index.Length);
        return false;
    }

    private void Join(int known, in BeaconPair row, string objectName)
    {
        ref var pair = ref Row(known);
        pair.Merge(row);
        if (IsNewer(row, objectName, pair)) pair.TakeNewest(row);
        Touch(known);
    }

    private void Join(int known, in BeaconNote note, int objectNumber, string objectName)
    {
        ref var pair = ref Row(known);
        if (note.Start == pair.Last)
        {
            Join(known, note.ToPair(pair.Owner, objectNumber), objectName);
            return;
        }
        pair.Add(note.Connection);
        if (note.Start > pair.Last) pair.TakeNewest(note, objectNumber);
        else if (note.Start < pair.First) pair.First = note.Start;
        Touch(known);
    }

    // Of one connection in two records the longer one, and of one record in two objects the one whose object's name comes first.
    private bool IsNewer(in BeaconPair row, string objectName, in BeaconPair than)
    {
        if (row.Last != than.Last) return row.Last > than.Last;
        var order = (row.ClientPort, row.Duration).CompareTo((than.ClientPort, than.Duration));
        if (order != 0) return order > 0;
        order = string.CompareOrdinal(objectName, _objects[than.Object]);
        return order < 0 || (order == 0 && row.Line < than.Line);
    }

    private void Append(in BeaconPair row)
    {
        if (Count == _pages.Count * PageRows) _pages.Add(new BeaconPair[Count == 0 ? FirstPage : PageRows]);
        else if (Count == _pages[^1].Length)
        {
            // Only the first page begins small, for most objects have few pairs.
            var page = _pages[^1];
            Array.Resize(ref page, Math.Min(PageRows, 2 * Count));
            _pages[^1] = page;
        }
        Count++;
        Row(Count - 1) = row;
    }

    /// <summary>Looks a pair up. Pairs of one peer share their place, so that those of other interfaces are met on the way.</summary>
    /// <param name="known">Its row; -1 where there is none yet.</param>
    /// <param name="sharers">Other interfaces of the account at the same peer.</param>
    /// <returns>Where its number belongs.</returns>
    private int Find(in BeaconPair wanted, out int known, out int sharers)
    {
        var account = _owners[wanted.Owner].Account;
        var (hash, mask) = (HashOf(wanted, account), _index.Length - 1);
        sharers = 0;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            known = (int)(_index[slot] & RowMask) - 1;
            if (known < 0) return slot;
            if (((_index[slot] ^ hash) & TagMask) != 0) continue;
            ref var pair = ref Row(known);
            if (!pair.IsSamePeer(wanted)) continue;
            if (pair.Owner == wanted.Owner) return slot;
            if (_owners[pair.Owner].Account == account) sharers++;
        }
    }

    private static uint HashOf(in BeaconPair pair, uint account) => HashOf(pair.Remote, pair.Day, pair.Port, pair.IsTarget, account);

    private static uint HashOf(uint remote, ushort day, ushort port, bool isTarget, uint account)
    {
        const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xC2B2AE3D27D4EB4F;
        var hash = ((ulong)remote << 32 | (uint)day << 16 | port) * Odd1 ^ ((ulong)account << 1 | (isTarget ? 1u : 0)) * Odd2;
        return (uint)((hash ^ hash >> 32) * Odd2 >> 32);
    }

    // The first row whose hash is alike: as a rule the one that is looked for; -1 where there is none.
    private int Candidate(uint hash)
    {
        var mask = _index.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var entry = _index[slot];
            if (entry == 0 || ((entry ^ hash) & TagMask) == 0) return (int)(entry & RowMask) - 1;
        }
    }

    /// <summary>How many interfaces of the account are at the peer of a row, itself among them; at most <see cref="MostInterfaces"/>.</summary>
    internal int InterfacesAt(int row)
    {
        var interfaces = 0;
        ForEachInterfaceAt(Row(row), _ => interfaces++);
        return interfaces;
    }

    private void ForEachInterfaceAt(in BeaconPair row, Action<int> act)
    {
        var account = _owners[row.Owner].Account;
        var (hash, mask) = (HashOf(row, account), _index.Length - 1);
        for (var slot = (int)hash & mask; _index[slot] != 0; slot = (slot + 1) & mask)
        {
            var other = (int)(_index[slot] & RowMask) - 1;
            if (((_index[slot] ^ hash) & TagMask) == 0 && Row(other).IsSamePeer(row) && _owners[Row(other).Owner].Account == account) act(other);
        }
    }

    // What has too few connections is no beacon, whatever changes.
    private void Touch(int row)
    {
        if (Row(row).Kept >= Beaconing.FewestConnections) Verdicts.Touch(row);
    }

    private void Reindex(int slots)
    {
        _index = new uint[slots];
        for (var row = 0; row < Count; row++)
        {
            var hash = HashOf(Row(row), _owners[Row(row).Owner].Account);
            var slot = (int)hash & (slots - 1);
            while (_index[slot] != 0) slot = (slot + 1) & (slots - 1);
            _index[slot] = (uint)(row + 1) | (hash & TagMask);
        }
    }

    /// <summary>An eighth of the pairs leaves: of those with the fewest connections the oldest first. What shows a beacon stays as long as it can.</summary>
    private void Evict()
    {
        var ranks = new ulong[Count];
        for (var row = 0; row < Count; row++) ranks[row] = RankOf(row);
        var leaving = (ulong[])ranks.Clone();
        Array.Sort(leaving);
        var last = leaving[Math.Max(0, Count / 8 - 1)];
        var kept = 0;
        for (var row = 0; row < Count; row++)
        {
            if (ranks[row] <= last) continue;
            Row(kept++) = Row(row);
        }
        Evicted += Count - kept;
        Count = kept;
        while (_pages.Count > 1 && (_pages.Count - 1) * PageRows >= Count) _pages.RemoveAt(_pages.Count - 1);
        Renumber();
        Reindex(_index.Length);
        Verdicts.Forget();
        for (var row = 0; row < Count; row++) Touch(row);
    }

    private ulong RankOf(int row)
    {
        ref readonly var pair = ref Row(row);
        return (ulong)(Verdicts.Has(row) ? 1 : 0) << 63 | (ulong)pair.Kept << 56 | (ulong)pair.Last << 24 | pair.Remote >> 8;
    }

    // Leaves out owners and objects that no row names any more.
    private void Renumber()
    {
        var (owners, objects) = (_owners.ToArray(), _objects.ToArray());
        _owners.Clear();
        _ownersByKey.Clear();
        _objects.Clear();
        _objectsByName.Clear();
        _flowOwners = new();
        var (ownerNumbers, objectNumbers) = (new int[owners.Length], new int[objects.Length]); // plus one
        for (var row = 0; row < Count; row++)
        {
            ref var pair = ref Row(row);
            ref var owner = ref ownerNumbers[pair.Owner];
            ref var name = ref objectNumbers[pair.Object];
            if (owner == 0) owner = Intern(owners[pair.Owner]) + 1;
            if (name == 0) name = Intern(objects[pair.Object]) + 1;
            (pair.Owner, pair.Object) = (owner - 1, name - 1);
        }
    }

    private int OwnerOf(FlowRecord flow, IpAddress local, bool isTold, ISteps<BeaconPairs> steps)
    {
        if (_flowOwners.Find(flow, local, isTold, out var key) is { } known) return known;
        var number = Intern(BeaconOwner.Of(flow, local, isTold ? null : steps.OwnAddress(flow)));
        _flowOwners.Add(key, number);
        return number;
    }

    private int Intern(BeaconOwner owner)
    {
        if (_ownersByKey.TryGetValue(owner.Key, out var known))
        {
            var before = _owners[known];
            _owners[known] = before.Joined(owner);
            if (before.IsOwn != _owners[known].IsOwn) TouchPairsOf(known);
            return known;
        }
        _owners.Add(owner);
        _ownersByKey.Add(owner.Key, _owners.Count - 1);
        return _owners.Count - 1;
    }

    private void TouchPairsOf(int owner)
    {
        for (var row = 0; row < Count; row++)
            if (Row(row).Owner == owner) Touch(row);
    }

    private int Intern(string objectName)
    {
        if (_objectsByName.TryGetValue(objectName, out var known)) return known;
        _objects.Add(objectName);
        _objectsByName.Add(objectName, _objects.Count - 1);
        return _objects.Count - 1;
    }

    /// <summary>Numbers of owners by the bytes of records, so that no text is made for one that is known.</summary>
    private sealed class FlowOwners
    {
        private readonly Dictionary<ulong, int> _numbers = [];

        public int? Find(FlowRecord flow, IpAddress local, bool isTold, out ulong key)
        {
            const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xC2B2AE3D27D4EB4F;
            var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
            // The end of an id is what tells ids apart: eni-0a1b2c3d4e5f60718.
            var id = entity.Length >= 16 ? MemoryMarshal.Read<UInt128>(entity[^16..]) : ContentHash.Of(entity);
            key = ((ulong)id ^ (local.High ^ local.Low) * Odd2) * Odd1 ^ (ulong)(id >> 64) * Odd2;
            key = (key ^ key >> 29 ^ (isTold ? 1u : 0)) * Odd1;
            return _numbers.TryGetValue(key, out var number) ? number : null;
        }

        public void Add(ulong key, int number) => _numbers.Add(key, number);
    }
}
