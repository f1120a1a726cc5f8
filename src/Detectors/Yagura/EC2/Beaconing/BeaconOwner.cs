using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>An interface under one of its addresses: the end of pairs that is inside.</summary>
/// <param name="Local">The interface's own address, if <paramref name="Own"/> does not tell another one.</param>
/// <param name="Own">What the records of whole objects tell; null where each record tells it by itself.</param>
public sealed record BeaconOwner(
    string AccountId, string Region, string? InterfaceId, string? InstanceId, string? VpcId, string? SubnetId, IpAddress Local, OwnAddress? Own)
{
    /// <summary>What tells owners apart.</summary>
    [JsonIgnore]
    public (string, string?, IpAddress, bool) Key { get; } = (AccountId, InterfaceId ?? InstanceId, Local, Own is null);

    /// <summary>A hash of the account.</summary>
    [JsonIgnore]
    public uint Account { get; } = (uint)ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(AccountId));

    public static BeaconOwner Of(FlowRecord flow, IpAddress local, OwnAddress? own) => new(
        Utf8.Text(flow.AccountId), Utf8.Text(flow.Region), Utf8.TextOrNull(flow.InterfaceId), Utf8.TextOrNull(flow.InstanceId), Utf8.TextOrNull(flow.VpcId),
        Utf8.TextOrNull(flow.SubnetId), local, own);

    /// <summary>What both records of one owner tell; of two texts the one that is greater, whichever was read first.</summary>
    public BeaconOwner Joined(BeaconOwner other) => this with
    {
        Region = Greater(Region, other.Region)!,
        InterfaceId = Greater(InterfaceId, other.InterfaceId),
        InstanceId = Greater(InstanceId, other.InstanceId),
        VpcId = Greater(VpcId, other.VpcId),
        SubnetId = Greater(SubnetId, other.SubnetId),
        Own = ReferenceEquals(Own, other.Own) ? Own : OwnAddress.Both(Own!, other.Own!),
    };

    private static string? Greater(string? one, string? other) => string.CompareOrdinal(one, other) >= 0 ? one : other;

    /// <summary>The owner as it is now that the object has been read to its end.</summary>
    public BeaconOwner Settled() => Own is null ? this : this with { Own = OwnAddress.Both(Own, new()) };

    /// <summary>False where it turned out that the address is not the interface's.</summary>
    [JsonIgnore]
    public bool IsOwn => Own is null || Own.Known == Local;
}
