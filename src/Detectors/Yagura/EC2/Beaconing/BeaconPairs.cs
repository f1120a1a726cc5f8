using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Beacons;

/// <summary>All pairs of a client and a server's port that flow logs show, a row of fixed size each.</summary>
/// <remarks>
/// An object for each pair would take ten times the memory and, merged a million times, ten times the time. Rows lie in pages in the order in which they came, beside an index of their
/// numbers by open addressing; merging walks the other table by rows, for in the order of its index everything would fall into the same places of this one.
/// Where too many interfaces of an account are at one peer only <see cref="MostInterfaces"/> of them are kept: enough to know that there are too many.
/// </remarks>
public sealed class BeaconPairs : IMergeable<BeaconPairs>, IBounded
{
    /// <summary>Pairs that are kept: 240 MiB of rows and 16 MiB of index.</summary>
    public const int MostPairs = 1 << 21;

    /// <summary>Interfaces of an account that are kept at one peer in a day.</summary>
    public const int MostInterfaces = 6;

    /// <summary>Names of objects that are kept beside the pairs.</summary>
    private const int MostObjects = 1 << 18;

    private const int PageBits = 13, PageRows = 1 << PageBits, FirstPage = 16;

    private readonly int _mostPairs;
    private readonly List<BeaconPair[]> _pages = [];
    private readonly List<BeaconOwner> _owners = [];
    private readonly List<string> _objects = [];
    private readonly Dictionary<(string, string?, IpAddress, bool), int> _ownersByKey = [];
    private readonly Dictionary<string, int> _objectsByName = new(StringComparer.Ordinal);
    private int[] _index = new int[2 * FirstPage]; // row numbers plus one
    private FlowOwners _flowOwners = new();

    public BeaconPairs() : this(MostPairs) { }

    internal BeaconPairs(int mostPairs) => _mostPairs = mostPairs;

    /// <summary>Restores a table from its properties.</summary>
    [JsonConstructor]
    public BeaconPairs(IReadOnlyList<BeaconOwner> owners, IReadOnlyList<string> objects, IReadOnlyList<byte[]> rows) : this(MostPairs)
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
    }

    public IReadOnlyList<BeaconOwner> Owners => _owners;

    /// <summary>Names of objects.</summary>
    public IReadOnlyList<string> Objects => _objects;

    /// <summary>The rows as they lie in memory, <see cref="BeaconPair.Size"/> bytes each, in pages.</summary>
    public IReadOnlyList<byte[]> Rows => [.. _pages.Select((page, number) => MemoryMarshal.AsBytes(page.AsSpan(0, Math.Min(PageRows, Count - number * PageRows))).ToArray())];

    [JsonIgnore]
    public int Count { get; private set; }

    [JsonIgnore]
    public long Evicted { get; private set; }

    /// <summary>Bytes of rows and index.</summary>
    [JsonIgnore]
    public long Bytes => _pages.Sum(page => (long)page.Length * BeaconPair.Size) + (long)_index.Length * sizeof(int);

    /// <summary>What the rows showed last; kept here since only rows that changed have to be judged anew.</summary>
    internal BeaconVerdicts Verdicts { get; } = new();

    public ref readonly BeaconPair this[int row] => ref Row(row);

    private ref BeaconPair Row(int row) => ref _pages[row >> PageBits][row & (PageRows - 1)];

    /// <summary>Adds a record by which a client opens a connection; allocates nothing for a pair that is known.</summary>
    /// <param name="local">The end inside; what is remote is the other one.</param>
    /// <param name="isTold">Whether the record itself tells that <paramref name="local"/> is the interface's own; else the object's other records do.</param>
    public void Add(FlowRecord flow, IpAddress local, IpAddress remote, bool isTarget, bool isTold, ISteps<BeaconPairs> steps)
    {
        const int SecondsOfDay = 86_400;
        var objectName = steps.ObjectName;
        var start = flow.Start.ToUnixTimeSeconds();
        var duration = Math.Clamp(flow.End.ToUnixTimeSeconds() - start, 0, ushort.MaxValue);
        var row = new BeaconPair
        {
            Remote = remote.V4, Owner = OwnerOf(flow, local, isTold, steps), Day = (ushort)(start / SecondsOfDay), Port = flow.DestinationPort,
            ClientPort = flow.SourcePort, Duration = (ushort)duration, First = (uint)start, Last = (uint)start,
            Object = _objects.Count > 0 && ReferenceEquals(_objects[^1], objectName) ? _objects.Count - 1 : Intern(objectName),
            Line = (uint)Math.Min(flow.Record, uint.MaxValue), Bytes = (uint)Math.Min(flow.Bytes, uint.MaxValue), IsTarget = isTarget, IsUdp = flow.Protocol == FlowFacts.Udp,
        };
        row.Add(BeaconStart.Of((int)(start % SecondsOfDay), flow.SourcePort, flow.Bytes));
        Merge(row, objectName);
    }

    public void Merge(BeaconPairs other)
    {
        var owners = other._owners.Select(owner => Intern(owner.Settled())).ToArray();
        var objects = other._objects.Select(Intern).ToArray();
        for (var i = 0; i < other.Count; i++)
        {
            var row = other[i];
            var name = other._objects[row.Object];
            (row.Owner, row.Object) = (owners[row.Owner], objects[row.Object]);
            if (!Merge(row, name)) continue;
            // To make room, owners and objects were numbered anew.
            owners = [.. other._owners.Select(owner => Intern(owner.Settled()))];
            objects = [.. other._objects.Select(Intern)];
        }
        Evicted += other.Evicted;
    }

    /// <returns>True where others had to leave, after which rows, owners and objects have other numbers.</returns>
    private bool Merge(in BeaconPair row, string objectName)
    {
        var slot = Find(row, out var known, out var sharers);
        if (known >= 0)
        {
            ref var pair = ref Row(known);
            pair.Merge(row);
            if (IsNewer(row, objectName, pair)) (pair.Last, pair.Duration, pair.ClientPort, pair.Bytes, pair.Object, pair.Line) = (row.Last, row.Duration, row.ClientPort, row.Bytes, row.Object, row.Line);
            Touch(known);
            return false;
        }
        if (sharers >= MostInterfaces) return false;
        Append(row);
        _index[slot] = Count;
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

    // Of one connection in two records the longer one, and of one record in two objects the one whose object's name comes first.
    private bool IsNewer(in BeaconPair row, string objectName, in BeaconPair than)
    {
        if (row.Last != than.Last) return row.Last > than.Last;
        var order = (row.ClientPort, row.Duration, row.Bytes).CompareTo((than.ClientPort, than.Duration, than.Bytes));
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
        var mask = _index.Length - 1;
        sharers = 0;
        for (var slot = PlaceOf(wanted, account) & mask; ; slot = (slot + 1) & mask)
        {
            known = _index[slot] - 1;
            if (known < 0) return slot;
            ref var pair = ref Row(known);
            if (!pair.IsSamePeer(wanted)) continue;
            if (pair.Owner == wanted.Owner) return slot;
            if (_owners[pair.Owner].Account == account) sharers++;
        }
    }

    private static int PlaceOf(in BeaconPair pair, uint account)
    {
        const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xC2B2AE3D27D4EB4F;
        var hash = ((ulong)pair.Remote << 32 | (uint)pair.Day << 16 | pair.Port) * Odd1 ^ ((ulong)account << 1 | (pair.IsTarget ? 1u : 0)) * Odd2;
        return (int)((hash ^ hash >> 32) * Odd2 >> 33);
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
        var mask = _index.Length - 1;
        for (var slot = PlaceOf(row, account) & mask; _index[slot] != 0; slot = (slot + 1) & mask)
        {
            var other = _index[slot] - 1;
            if (Row(other).IsSamePeer(row) && _owners[Row(other).Owner].Account == account) act(other);
        }
    }

    // What has too few connections is no beacon, whatever changes.
    private void Touch(int row)
    {
        if (Row(row).Kept >= Beaconing.FewestConnections) Verdicts.Touch(row);
    }

    private void Reindex(int slots)
    {
        _index = new int[slots];
        for (var row = 0; row < Count; row++)
        {
            var slot = PlaceOf(Row(row), _owners[Row(row).Owner].Account) & (slots - 1);
            while (_index[slot] != 0) slot = (slot + 1) & (slots - 1);
            _index[slot] = row + 1;
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
        for (var row = 0; row < Count; row++)
        {
            ref var pair = ref Row(row);
            (pair.Owner, pair.Object) = (Intern(owners[pair.Owner]), Intern(objects[pair.Object]));
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
        private readonly Dictionary<(UInt128 Entity, IpAddress Local, bool Told), int> _numbers = [];
        private (UInt128, IpAddress, bool) _lastKey;
        private int _last = -1;

        public int? Find(FlowRecord flow, IpAddress local, bool told, out (UInt128, IpAddress, bool) key)
        {
            var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
            key = (entity.Length >= 16 ? MemoryMarshal.Read<UInt128>(entity[^16..]) : ContentHash.Of(entity), local, told);
            if (_last >= 0 && _lastKey == key) return _last;
            if (!_numbers.TryGetValue(key, out var number)) return null;
            (_lastKey, _last) = (key, number);
            return number;
        }

        public void Add((UInt128, IpAddress, bool) key, int number) => _numbers.Add(key, number);
    }
}
