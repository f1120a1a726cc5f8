using Yagura.Detectors.Families;

namespace Yagura.Detectors.Recon.EC2;

/// <summary>A scanner reached a port by which a cluster of EMR is administered.</summary>
public static class PortProbeEmrUnprotectedPort
{
    // YARN's resource manager, over which whoever reaches it runs jobs, its node managers, and HDFS's name node by its old and its new port.
    private static readonly ushort[] Ports = [8088, 8042, 50070, 9870];

    public static ProbedPorts Type { get; } = new(new("Recon:EC2/PortProbeEMRUnprotectedPort"), Ports, GravePorts: Ports);
}
