namespace Yagura.Core.Findings;

/// <summary>Who did what a finding tells of, as far as it says.</summary>
public static class FindingActors
{
    /// <summary>Most actors of one finding that are named.</summary>
    public const int Most = 20;

    /// <summary>Identities, instances, buckets' visitors, addresses and domains, each once: the user of a key, and whoever is at the other end.</summary>
    /// <remarks>Of an instance that acts itself, the instance too: that another one does the same is news.</remarks>
    public static IReadOnlyList<string> Of(Finding finding) => [.. All(finding).OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Take(Most)];

    private static IEnumerable<string?> All(Finding finding)
    {
        if (finding.Resource.AccessKeyDetails is { } key) yield return key.UserName ?? key.PrincipalId ?? key.AccessKeyId;
        if (finding.Service.ResourceRole == ResourceRole.Actor) yield return finding.Resource.InstanceDetails?.InstanceId;
        switch (finding.Service.Action)
        {
            case AwsApiCallAction call: yield return call.RemoteIp?.Address.ToString() ?? call.Domain; break;
            case NetworkConnectionAction connection: yield return connection.RemoteIp.Address.ToString(); break;
            case DnsRequestAction dns: yield return dns.Domain; break;
            case PortProbeAction probed:
                foreach (var probe in probed.Probes) yield return probe.RemoteIp.Address.ToString();
                break;
            default: break;
        }
        if (finding.Service.Sequence is not { } sequence) yield break;
        foreach (var actor in sequence.Actors) yield return actor.User.Name;
        foreach (var end in sequence.Endpoints) yield return end.Remote?.Address.ToString() ?? end.Domain;
    }
}
