using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>An interface's own address, as far as objects told it.</summary>
/// <remarks>Merging commutes and is idempotent: not known, then known, then, when two objects told different ones, contradicted for good.</remarks>
public sealed class OwnAddress : IMergeable<OwnAddress>
{
    private readonly AddressVotes? _votes; // until the object has been read the vote may change
    private IpAddress _known;

    public OwnAddress() { }

    public OwnAddress(IpAddress known) => _known = known;

    public OwnAddress(AddressVotes votes) => _votes = votes;

    [JsonConstructor]
    public OwnAddress(IpAddress known, bool isContradicted) => (_known, IsContradicted) = (known, isContradicted);

    /// <summary>None while it is not known.</summary>
    public IpAddress Known => _votes?.Winner ?? _known;

    public bool IsContradicted { get; private set; }

    public void Merge(OwnAddress other)
    {
        IsContradicted |= other.IsContradicted || (!Known.IsNone && !other.Known.IsNone && Known != other.Known);
        _known = IsContradicted ? IpAddress.None : Known.IsNone ? other.Known : Known;
    }

    /// <summary>What both tell, as a new one.</summary>
    public static OwnAddress Both(OwnAddress one, OwnAddress other)
    {
        var both = new OwnAddress(one.Known, one.IsContradicted);
        both.Merge(other);
        return both;
    }
}

/// <summary>Counts which address the records of one interface have in common: its own, but for a few stray packets.</summary>
/// <remarks>
/// Nearly every record has the own address, and only some have any other. Whatever is in more than two ninths of the records is among the counted, and
/// of two that are always among them the difference is exact. Source: Misra and Gries, "Finding repeated elements" (1982). State: 8 addresses.
/// </remarks>
public sealed class AddressVotes
{
    private const int Places = 8;

    private readonly IpAddress[] _addresses = new IpAddress[Places];
    private readonly int[] _counts = new int[Places];
    private readonly int[] _calls = new int[Places]; // records of connections that the address opened to another public one
    private int _last = Places - 1; // the place that was counted last, as a rule the own address's
    private int _records;

    /// <summary>The address that leads clearly; none while none does, as when the interface met only one other.</summary>
    public IpAddress Winner
    {
        get
        {
            int first = 0, second = -1;
            for (var i = 1; i < Places; i++)
            {
                if (_counts[i] > _counts[first]) (first, second) = (i, first);
                else if (second < 0 || _counts[i] > _counts[second]) second = i;
            }
            const int StrayShare = 128; // of so many records one may be a stray
            if (2 * _counts[first] <= _records) return IpAddress.None;
            if (_counts[first] - _counts[second] > _records / StrayShare) return _addresses[first];
            // Between the same two public addresses: whoever is reachable from the internet meets more than one, whoever calls need not.
            return _calls[first] == _calls[second] || !_addresses[first].IsPublic ? IpAddress.None : _addresses[_calls[first] > _calls[second] ? first : second];
        }
    }

    public void Add(FlowRecord flow)
    {
        _records++;
        // Flow logs show an interface by its private address, so an only private end is its own.
        var (source, destination) = (flow.Source.IsPublic, flow.Destination.IsPublic);
        var opened = source && destination ? FlowFacts.InitiatorOf(flow, FlowSide.Destination) : Initiator.Unknown;
        if (!source || destination) Count(flow.Source, opened == Initiator.Local);
        if (!destination || source) Count(flow.Destination, opened == Initiator.Remote);
    }

    private void Count(IpAddress address, bool called)
    {
        if (_counts[_last] > 0 && _addresses[_last] == address)
        {
            Count(_last, called);
            return;
        }
        var free = -1;
        for (var i = 0; i < Places; i++)
        {
            if (_counts[i] == 0) free = i;
            else if (_addresses[i] == address)
            {
                Count(i, called);
                return;
            }
        }
        if (free >= 0) (_addresses[free], _counts[free], _calls[free]) = (address, 1, called ? 1 : 0);
        else
        {
            for (var i = 0; i < Places; i++) _counts[i]--;
        }
    }

    private void Count(int place, bool called)
    {
        _last = place;
        _counts[place]++;
        if (called) _calls[place]++;
    }
}

/// <summary>The own addresses of the interfaces within an object, for formats whose records do not tell the direction.</summary>
public sealed class OwnAddresses
{
    /// <summary>Interfaces told apart in one object; of others nothing is known.</summary>
    public const int MostInterfaces = 65_536;

    private readonly Dictionary<InterfaceKey, AddressVotes> _ofInterface = [];

    /// <summary>By a part of the hash the interface that was met last: nearly always the one that is looked for.</summary>
    private readonly (InterfaceKey Key, AddressVotes? Votes)[] _recent = new (InterfaceKey, AddressVotes?)[512];

    public void Clear()
    {
        _ofInterface.Clear();
        Array.Clear(_recent);
    }

    /// <summary>Learns from a record, whatever it is about; allocates once for an interface.</summary>
    public void See(FlowRecord flow)
    {
        if (flow.Direction != FlowDirection.Unknown || flow.InterfaceId.IsEmpty) return;
        var key = KeyOf(flow);
        ref var recent = ref _recent[key.GetHashCode() & (_recent.Length - 1)];
        if (recent.Votes is null || recent.Key != key) recent = (key, VotesOf(key));
        recent.Votes?.Add(flow);
    }

    private AddressVotes? VotesOf(InterfaceKey key)
    {
        if (_ofInterface.TryGetValue(key, out var votes) || _ofInterface.Count >= MostInterfaces) return votes;
        votes = new();
        _ofInterface.Add(key, votes);
        return votes;
    }

    /// <summary>What is known of a record's interface, and what will be: it goes on learning until the object ends.</summary>
    public OwnAddress Of(FlowRecord flow) => _ofInterface.TryGetValue(KeyOf(flow), out var votes) ? new OwnAddress(votes) : new OwnAddress();

    private static InterfaceKey KeyOf(FlowRecord flow) => new(flow.InterfaceId is { Length: >= 16 } id ? MemoryMarshal.Read<UInt128>(id[^16..]) : ContentHash.Of(flow.InterfaceId));

    /// <param name="Id">The end of an id is what tells ids apart: eni-0a1b2c3d4e5f60718.</param>
    private readonly record struct InterfaceKey(UInt128 Id)
    {
        // That of UInt128 takes three times as long, for each record of a log.
        public override int GetHashCode() => (int)(((ulong)Id ^ BitOperations.RotateLeft((ulong)(Id >> 64), 29)) * 0x9E3779B97F4A7C15 >> 32);
    }
}
