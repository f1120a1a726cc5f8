using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>All pairs of a client and a server's port that flow logs show: a table, and the connections that are not in it yet.</summary>
public sealed class BeaconPairs : IMergeable<BeaconPairs>, IBounded
{
    /// <summary>Bytes of rows and index: some six million pairs that were seen once, or two million others.</summary>
    public const long MostBytes = 240 << 20;

    /// <summary>Interfaces of an account that are kept at one peer in a day.</summary>
    public const int MostInterfaces = 6;

    /// <summary>Connections of an object that wait to be looked up together.</summary>
    private const int MostNotes = 1 << 17;

    private readonly BeaconTable _table;
    private readonly BeaconNotes _notes = new();

    public BeaconPairs() : this(MostBytes) { }

    internal BeaconPairs(long mostBytes) => _table = new(mostBytes);

    /// <summary>Restores a table from its properties.</summary>
    [JsonConstructor]
    public BeaconPairs(IReadOnlyList<BeaconOwner> owners, IReadOnlyList<string> objects, IReadOnlyList<byte[]> singles, IReadOnlyList<byte[]> rows) : this(MostBytes)
    {
        var stored = new BeaconRows(owners, objects, singles, rows);
        _table.Merge(stored.Singles, stored.Names);
        _table.Merge(stored.Pairs, stored.Names);
    }

    public IReadOnlyList<BeaconOwner> Owners => Stored.Names.Owners;

    /// <summary>Names of objects.</summary>
    public IReadOnlyList<string> Objects => Stored.Names.Objects;

    /// <summary>Pairs that were seen once, and connections that are in no row yet, as they lie in memory: <see cref="BeaconNote.Size"/> bytes each, in pages.</summary>
    public IReadOnlyList<byte[]> Singles => Stored.Singles.ToBytes();

    /// <summary>The other pairs as they lie in memory, <see cref="BeaconPair.Size"/> bytes each, in pages.</summary>
    public IReadOnlyList<byte[]> Rows => Stored.Pairs.ToBytes();

    // Most objects have nothing but notes, which need not be looked up to be stored.
    private BeaconRows Stored
    {
        get
        {
            if (_table.Count == 0) return new(_notes.Names, _notes.All, _table.Pairs);
            Settle();
            return new(_table.Names, _table.Singles, _table.Pairs);
        }
    }

    /// <summary>Pairs in the table.</summary>
    [JsonIgnore]
    public int Count => _table.Count;

    /// <summary>Those of them that were seen more than once.</summary>
    [JsonIgnore]
    public int Repeated => _table.Pairs.Count;

    [JsonIgnore]
    public long Evicted => _table.Evicted;

    /// <summary>Bytes of rows and index.</summary>
    [JsonIgnore]
    public long Bytes => _table.Bytes;

    /// <summary>A pair that was seen more than once.</summary>
    public ref readonly BeaconPair this[int row] => ref _table.Pairs[row];

    internal BeaconTable Table => _table;

    /// <summary>Adds a record by which a client opens a connection: it is noted, and looked up when the object is merged.</summary>
    /// <param name="local">The end inside; what is remote is the other one.</param>
    /// <param name="isTold">Whether the record itself tells that <paramref name="local"/> is the interface's own; else the object's other records do.</param>
    public void Add(FlowRecord flow, IpAddress local, IpAddress remote, BeaconEnds ends, bool isTold, ISteps<BeaconPairs> steps)
    {
        if (_notes.All.Count == MostNotes) Settle();
        _notes.Add(flow, local, remote, ends, isTold, steps);
    }

    public void Merge(BeaconPairs other)
    {
        other._table.Names.Settle();
        _table.Merge(other._table.Singles, other._table.Names);
        _table.Merge(other._table.Pairs, other._table.Names);
        _table.Evicted += other._table.Evicted;
        other._notes.Names.Settle();
        _table.Merge(other._notes.All, other._notes.Names);
    }

    private void Settle()
    {
        _table.Merge(_notes.All, _notes.Names);
        _notes.All.Cut(0);
    }
}
