namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance takes part in a denial of service: an address is flooded over UDP at ports whose services people reach over TCP.</summary>
public static class DenialOfServiceUdpOnTcpPorts
{
    public static TypeBinding Type { get; } = new("Backdoor:EC2/DenialOfService.UdpOnTcpPorts");
}
