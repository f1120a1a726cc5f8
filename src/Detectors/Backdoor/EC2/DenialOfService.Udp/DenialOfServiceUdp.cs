namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance takes part in a denial of service: an address is flooded over UDP, at any port but that of DNS.</summary>
public static class DenialOfServiceUdp
{
    public static TypeBinding Type { get; } = new("Backdoor:EC2/DenialOfService.Udp");
}
