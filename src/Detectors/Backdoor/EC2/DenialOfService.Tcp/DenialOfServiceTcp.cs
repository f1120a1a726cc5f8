namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance takes part in a denial of service: an address is flooded over TCP, as a rule with SYNs.</summary>
public static class DenialOfServiceTcp
{
    public static TypeBinding Type { get; } = new("Backdoor:EC2/DenialOfService.Tcp");
}
