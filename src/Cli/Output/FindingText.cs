using Yagura.Core.Findings;

namespace Yagura.Cli.Output;

/// <summary>A finding's resource and actor in a few words.</summary>
internal static class FindingText
{
    public static string Resource(Finding finding)
    {
        var resource = finding.Resource;
        if (finding.Service.Sequence is { } sequence) return Few([.. sequence.Resources.OrderBy(one => one.Type == SequenceResourceType.AccessKey).Select(one => one.Name)]) ?? "-";
        return resource switch
        {
            { InstanceDetails: { } instance } when resource.ResourceType == ResourceType.Instance || instance.InstanceId is not null => InstanceName(instance),
            { S3BucketDetails: [var bucket, ..] } => $"s3://{bucket.Name}",
            _ => User(finding) ?? "-",
        };
    }

    /// <summary>Who did it, from where: the other end of a connection, the name asked for, the caller of an API. Null where that is not known.</summary>
    public static string? Actor(Finding finding) => finding.Service.Action switch
    {
        AwsApiCallAction call => Join(User(finding), Place(call.RemoteIp) ?? call.Domain),
        NetworkConnectionAction connection => Place(connection.RemoteIp) + (connection.RemotePort is { } port ? $" port {port}" : ""),
        PortProbeAction { Probes: [var probe, ..] } => Place(probe.RemoteIp),
        DnsRequestAction dns => dns.Domain,
        null => Join(Few([.. (finding.Service.Sequence?.Actors ?? []).Select(actor => actor.User.Name)]), Few([.. (finding.Service.Sequence?.Endpoints ?? []).Select(end => Place(end.Remote) ?? end.Domain ?? "")])),
        _ => null,
    };

    private static string? Few(IReadOnlyList<string> names) => names switch
    {
        [] => null,
        [var one] => one,
        [var one, var other] => $"{one}, {other}",
        [var one, var other, ..] => $"{one}, {other} and {names.Count - 2} more",
    };

    private static string? User(Finding finding) =>
        finding.Resource.AccessKeyDetails is { } key ? key.UserName ?? key.PrincipalId ?? key.AccessKeyId : null;

    private static string? Place(RemoteIp? remote)
    {
        if (remote is null) return null;
        var place = string.Join(", ", new[] { remote.CountryName ?? remote.CountryCode, remote.AsnOrganization }.OfType<string>());
        return place.Length == 0 ? remote.Address.ToString() : $"{remote.Address} ({place})";
    }

    private static string? Join(string? who, string? where) => (who, where) switch
    {
        (null, _) => where,
        (_, null) => who,
        _ => $"{who} from {where}",
    };

    private static string InstanceName(InstanceDetails? instance)
    {
        if (instance is null) return "-";
        var name = instance.Tags.FirstOrDefault(tag => tag.Key == "Name")?.Value;
        var id = instance.InstanceId ?? (instance.NetworkInterfaces is [var first, ..] ? first.NetworkInterfaceId ?? first.PrivateIpAddress : null) ?? "-";
        return name is null ? id : $"{id} ({name})";
    }
}
