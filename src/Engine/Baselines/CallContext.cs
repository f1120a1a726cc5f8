using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors.Behaviour;

namespace Yagura.Engine.Baselines;

/// <summary>Who calls, from where and with what: what the calls of one session have in common.</summary>
public sealed record CallContext(Actor Actor, AccessKeyDetails Caller, Place Place, Client Client, string Region)
{
    internal uint RegionFeature { get; } = Named.Feature(Trait.Region, Region);
}

/// <summary>Who acts.</summary>
/// <param name="Principal">A user or role; of a role that people take, each person by the name of the session.</param>
/// <param name="Peers">Those it is compared with: who else takes the role, else the users, or the roles, of the account.</param>
public sealed record Actor(string Account, string Principal, string Peers)
{
    /// <summary>Whether it is a person who takes a role, and is told apart by the session.</summary>
    [JsonIgnore]
    public bool IsPerson => Peers.StartsWith("arn:", StringComparison.Ordinal);

    /// <summary>Whether it may have named its session itself: of roles that the identity centre makes, only that does.</summary>
    [JsonIgnore]
    public bool ChoosesName => IsPerson && !Peers.Contains("/AWSReservedSSO_", StringComparison.Ordinal);

    /// <summary>What the permissions are given to: the role, or the principal itself.</summary>
    [JsonIgnore]
    public string Identity => IsPerson ? Peers : Principal;

    internal ulong Self { get; } = Named.Subject("userIdentity", Account, Principal);
    internal ulong PeersSubject { get; } = Named.Subject("peers", Account, Peers);
    internal ulong AccountSubject { get; } = Named.Subject("account", Account, "");

    /// <summary>The principals of the account, as a subject of their own.</summary>
    internal ulong Principals { get; } = Named.Subject("principals", Account, "");
    internal uint Feature { get; } = Named.Feature(Trait.Principal, Principal);
}

/// <param name="Source">The service, such as <c>ec2.amazonaws.com</c>.</param>
/// <param name="IsData">A call on the content of a bucket.</param>
public sealed record Api(string Source, string Name, bool IsData)
{
    /// <summary>Service and name, such as <c>ec2:GetPasswordData</c>.</summary>
    [JsonIgnore]
    public string Text { get; } = $"{ServiceOf(Source)}:{Name}";

    internal ApiFamily Family { get; } = ApiFamilies.Of($"{(IsData ? ApiFamilies.DataService : ServiceOf(Source))}:{Name}");

    /// <summary>Whether it only looks around, outside of buckets.</summary>
    internal bool IsDiscovery { get; } = !IsData && ApiFamilies.Of($"{ServiceOf(Source)}:{Name}").Type.StartsWith("Discovery", StringComparison.Ordinal);

    internal uint Feature { get; } = Named.Feature(Trait.Api, $"{ServiceOf(Source)}:{Name}");

    /// <summary>Its calls as something that is counted.</summary>
    internal ulong Calls { get; } = Named.What($"calls of {ServiceOf(Source)}:{Name}");

    /// <summary>What it does to the content of buckets, as something that is counted.</summary>
    internal ulong OnBuckets { get; } = Named.What(OperationOf(Source, Name, IsData));

    internal string OperationText => OperationOf(Source, Name, IsData);

    private static string OperationOf(string source, string name, bool isData) => ApiFamilies.Of($"{(isData ? ApiFamilies.DataService : ServiceOf(source))}:{name}").Type switch
    {
        "Exfiltration:S3/AnomalousBehavior" => "reads of objects",
        "Impact:S3/AnomalousBehavior.Delete" => "deletions of objects",
        "Impact:S3/AnomalousBehavior.Write" => "writes of objects",
        "Impact:S3/AnomalousBehavior.Permission" => "changes of permissions",
        _ => "looks at the content",
    };

    private static string ServiceOf(string source) => source.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? source[..dot] : source;
}

/// <summary>Where a call came from.</summary>
/// <param name="Text">The address, or the name that stands in its place, as the log writes it.</param>
/// <param name="Network">The autonomous system where a database tells it, else the surroundings of the address, else <paramref name="Text"/>.</param>
/// <param name="Country">Two letters; empty where it is not known.</param>
public sealed record Place(string Text, IpAddress Address, string Network, string Country)
{
    internal uint NetworkFeature { get; } = Named.Feature(Trait.Network, Network);
    internal uint CountryFeature { get; } = Country.Length == 0 ? 0 : Named.Feature(Trait.Country, Country);
}

/// <param name="Agent">As the log writes it.</param>
/// <param name="Family">See <see cref="ClientFamily"/>.</param>
public sealed record Client(string Agent, string Family)
{
    internal uint Feature { get; } = Named.Feature(Trait.Client, Family);
}
