using Yagura.Detectors.Families;

namespace Yagura.Detectors.Recon.EC2;

/// <summary>A scanner reached an open port of an instance.</summary>
public static class PortProbeUnprotectedPort
{
    // Elasticsearch and OpenSearch give their data to whoever asks.
    private const ushort Search = 9200, SearchTransport = 9300;

    public static ProbedPorts Type { get; } = new(new("Recon:EC2/PortProbeUnprotectedPort"), Ports: [], GravePorts: [Search, SearchTransport]);
}
