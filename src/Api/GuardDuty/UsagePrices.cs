using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>What the real service would take, in US dollars, at its list price for the first tier in us-east-1: an estimate, and an upper one for large accounts.</summary>
/// <remarks>Source: Amazon GuardDuty pricing page.</remarks>
internal static class UsagePrices
{
    public static decimal Of(UsageEntry entry) => entry.Feature switch
    {
        "CLOUD_TRAIL" => PerMillion(entry.Records, 4.00m),
        "S3_DATA_EVENTS" => PerMillion(entry.Records, 0.80m),
        "EKS_AUDIT_LOGS" => PerMillion(entry.Records, 1.60m),
        "FLOW_LOGS" or "DNS_LOGS" or "LAMBDA_NETWORK_LOGS" => PerGigabyte(entry.Bytes, 1.00m),
        _ => 0,
    };

    private static decimal PerMillion(long records, decimal price) => records * price / 1_000_000;

    private static decimal PerGigabyte(long bytes, decimal price) => bytes * price / (1L << 30);
}
