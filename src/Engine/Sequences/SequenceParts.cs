using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors;

namespace Yagura.Engine.Sequences;

/// <summary>Who, what and where of an episode, each named once: signals refer to them by id.</summary>
/// <param name="lead">Who stands behind it, to be named first; null where nobody is known.</param>
internal sealed class SequenceParts(string? lead)
{
    private readonly SortedDictionary<string, SequenceActor> _actors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SequenceResource> _resources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SequenceEndpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (InstanceGroup Group, SortedSet<string> Members)> _groups = new(StringComparer.Ordinal);

    public IReadOnlyList<SequenceActor> Actors => [.. _actors.Values.OrderBy(actor => actor.Id != lead).Take(AttackSequence.MostActors)];
    public IReadOnlyList<SequenceEndpoint> Endpoints => [.. _endpoints.Values.Take(AttackSequence.MostEndpoints)];

    /// <summary>Groups of instances come last.</summary>
    public IReadOnlyList<SequenceResource> Resources(string account, string region) =>
    [
        .. _resources.Values.Concat(_groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
            new SequenceResource(group.Key, group.Value.Group.Type!.Value, ShortName(group.Key), account, region) { InstanceUids = [.. group.Value.Members] })).Take(AttackSequence.MostResources),
    ];

    /// <returns>The actor's id; null where nobody is known.</returns>
    public string? Actor(Detection detection)
    {
        if (detection.Principal is not { } principal) return null;
        var key = detection.Resource.AccessKeyDetails;
        var session = key?.UserType == "AssumedRole" ? new SequenceSession(key.PrincipalId?.Split(':') is [_, var name, ..] ? name : null, principal) : null;
        _actors.TryAdd(principal, new(
            principal, new(key?.UserName ?? ShortName(principal), key?.PrincipalId ?? principal, key?.UserType ?? "Unknown", key?.AccessKeyId, detection.AccountId), session));
        return principal;
    }

    /// <returns>The resources' ids.</returns>
    public IReadOnlyList<string> Resources(Detection detection, Resource resource)
    {
        var ids = new List<string>();
        void Add(SequenceResource one)
        {
            _resources.TryAdd(one.Uid, one);
            ids.Add(one.Uid);
        }
        var (account, region) = (detection.AccountId, detection.Region);
        if (resource.AccessKeyDetails is { AccessKeyId: { Length: > 0 } id } key) Add(new(id, SequenceResourceType.AccessKey, id, account, region) { AccessKey = key });
        foreach (var bucket in resource.S3BucketDetails)
            Add(new($"arn:{Partitions.Of(region)}:s3:::{bucket.Name}", SequenceResourceType.S3Bucket, bucket.Name, account, region) { Bucket = bucket, Tags = bucket.Tags });
        if (resource.InstanceDetails is { InstanceId: { Length: > 0 } instanceId } instance)
        {
            var uid = $"arn:{Partitions.Of(region)}:ec2:{region}:{account}:instance/{instanceId}";
            Add(new(uid, SequenceResourceType.Ec2Instance, instanceId, account, region) { Instance = instance, Tags = instance.Tags });
            if (InstanceGroup.Of(instance) is { Type: not null } group)
            {
                if (!_groups.TryGetValue(group.Name, out var members)) _groups.Add(group.Name, members = (group, new(StringComparer.Ordinal)));
                members.Members.Add(uid);
            }
        }
        return ids;
    }

    /// <returns>The endpoints' ids.</returns>
    public IReadOnlyList<string> Ends(FindingAction? action)
    {
        const int MostProbes = 10;
        IEnumerable<SequenceEndpoint> ends = action switch
        {
            AwsApiCallAction { RemoteIp: { Address.IsNone: false } caller } => [new(caller.Address.ToString(), caller, null, null, ConnectionDirection.Unknown)],
            NetworkConnectionAction { RemoteIp.Address.IsNone: false } connection =>
                [new($"{connection.RemoteIp.Address}:{connection.RemotePort}", connection.RemoteIp, null, connection.RemotePort, connection.Direction)],
            PortProbeAction probes => probes.Probes.Take(MostProbes).Select(probe => new SequenceEndpoint(probe.RemoteIp.Address.ToString(), probe.RemoteIp, null, null, ConnectionDirection.Inbound)),
            DnsRequestAction dns => [new(dns.Domain, null, dns.Domain, null, ConnectionDirection.Outbound)],
            _ => [],
        };
        var ids = new List<string>();
        foreach (var end in ends)
        {
            _endpoints.TryAdd(end.Id, end);
            ids.Add(end.Id);
        }
        return ids;
    }

    /// <summary>The last part of an ARN, else the whole.</summary>
    public static string ShortName(string name) => name.StartsWith("arn:", StringComparison.Ordinal) ? name[(name.LastIndexOfAny(['/', ':']) + 1)..] : name;
}
