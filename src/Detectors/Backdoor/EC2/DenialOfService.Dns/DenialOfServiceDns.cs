namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance takes part in a denial of service: an address is flooded with packets to the port of DNS.</summary>
public static class DenialOfServiceDns
{
    public static TypeBinding Type { get; } = new("Backdoor:EC2/DenialOfService.Dns");
}
