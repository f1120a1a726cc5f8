using System.Text.Json.Serialization;
using Yagura.Core;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>The relays that one interface had to do with on one day, by the local port they came in at.</summary>
/// <remarks>Each table keeps its smallest entries, so that the same ones are left whatever the order of reading and merging.</remarks>
public sealed class TorContacts : IMergeable<TorContacts>
{
    /// <summary>Most local ports told apart, beside <see cref="Outbound"/>.</summary>
    public const int MostPorts = 32;

    /// <summary>Most relays kept of one port.</summary>
    public const int MostRelays = 8;

    /// <summary>Stands for the relays that the instance itself called; nothing listens at port 0.</summary>
    public const ushort Outbound = 0;

    private readonly SortedDictionary<ushort, SortedSet<IpAddress>> _ports = [];

    public TorContacts() => Seen = new();

    [JsonConstructor]
    public TorContacts(IReadOnlyDictionary<ushort, IReadOnlyList<IpAddress>> ports, FindingState seen)
    {
        foreach (var (port, relays) in ports)
            foreach (var relay in relays) Add(port, relay);
        Seen = seen;
    }

    public IReadOnlyDictionary<ushort, IReadOnlyList<IpAddress>> Ports => _ports.ToDictionary(port => port.Key, IReadOnlyList<IpAddress> (port) => [.. port.Value]);

    /// <summary>The records, whichever way they go.</summary>
    public FindingState Seen { get; }

    /// <summary>The port with the most relays, the lowest of several; null when none came in.</summary>
    [JsonIgnore]
    public (ushort Port, int Relays)? Busiest
    {
        get
        {
            (ushort Port, int Relays)? busiest = null;
            foreach (var (port, relays) in _ports)
                if (port != Outbound && relays.Count > (busiest?.Relays ?? 0)) busiest = (port, relays.Count);
            return busiest;
        }
    }

    public int Relays(ushort port) => _ports.GetValueOrDefault(port)?.Count ?? 0;

    public void Add(ushort port, IpAddress relay)
    {
        if (!_ports.TryGetValue(port, out var relays)) _ports.Add(port, relays = []);
        relays.Add(relay);
        if (relays.Count > MostRelays) relays.Remove(relays.Max);
        if (_ports.Count > MostPorts + 1) _ports.Remove(_ports.Keys.Last());
    }

    public void Merge(TorContacts other)
    {
        foreach (var (port, relays) in other._ports)
            foreach (var relay in relays) Add(port, relay);
        Seen.Merge(other.Seen);
    }
}
