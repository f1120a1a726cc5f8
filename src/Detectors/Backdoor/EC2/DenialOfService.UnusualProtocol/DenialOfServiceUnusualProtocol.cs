namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance takes part in a denial of service: an address is flooded with packets that are neither TCP nor UDP nor ICMP.</summary>
public static class DenialOfServiceUnusualProtocol
{
    public static TypeBinding Type { get; } = new("Backdoor:EC2/DenialOfService.UnusualProtocol");
}
