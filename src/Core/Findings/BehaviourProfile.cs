using System.Globalization;

namespace Yagura.Core.Findings;

/// <summary>What an identity, its account and a bucket usually do, and what of it was not usual this time, in the terms of GuardDuty's AnomalousBehavior findings.</summary>
/// <remarks>It becomes <c>detection.anomaly</c> and the members <c>anomalies</c>, <c>profiledBehavior</c> and <c>unusualBehavior</c> of <c>additionalInfo</c>.
/// Source of their names: the schema of "GuardDuty Finding" in EventBridge's registry, and a real finding of 2021.</remarks>
/// <param name="AnomalousApis">What was called against habit, the call that the finding shows first.</param>
/// <param name="Usual">What was looked at: one entry for each kind at each scope that GuardDuty knows (<see cref="UsualValues.IsKnown"/>).</param>
public sealed record BehaviourProfile(IReadOnlyList<AnomalousApi> AnomalousApis, IReadOnlyList<UsualValues> Usual)
{
    /// <summary>Values of one list, as GuardDuty limits them: whoever fills it takes the most telling ones.</summary>
    public const int MostValues = 20;

    /// <summary>How often a bucket was called, for findings that volume made; empty for others.</summary>
    public IReadOnlyList<CallVolume> Volumes { get; init; } = [];

    /// <summary>Whether the account, or the bucket, has not known the identity before.</summary>
    public bool IsUnusualUserIdentity { get; init; }

    /// <summary>A network as GuardDuty's texts have it: <c>asnNumber: 64496 asnOrg: Example Transit</c>.</summary>
    public static string Network(long asn, string? organization) =>
        string.Create(CultureInfo.InvariantCulture, $"asnNumber: {asn}") + (string.IsNullOrEmpty(organization) ? "" : $" asnOrg: {organization}");
}

/// <param name="Service">Such as <c>s3.amazonaws.com</c>.</param>
/// <param name="Outcome"><c>success</c> or the error code.</param>
public sealed record AnomalousApi(string Service, string Api, string Outcome);

/// <summary>The values of one kind at one scope by how often they are seen, and those of this finding that belong to none.</summary>
public sealed record UsualValues(BehaviourKind Kind, BehaviourScope Scope)
{
    /// <summary>Less than once a month.</summary>
    public IReadOnlyList<string> Rare { get; init; } = [];

    /// <summary>A few times a month.</summary>
    public IReadOnlyList<string> Infrequent { get; init; } = [];

    /// <summary>Every week or more often.</summary>
    public IReadOnlyList<string> Frequent { get; init; } = [];

    /// <summary>Values of what was found that are not usual here: never seen, or so rarely that it counts.</summary>
    public IReadOnlyList<string> Unusual { get; init; } = [];

    /// <summary>Whether GuardDuty has names for this kind at this scope.</summary>
    public bool IsKnown => (Kind, Scope) switch
    {
        (BehaviourKind.UserTypes, var scope) => scope == BehaviourScope.Account,
        (BehaviourKind.UserNames, var scope) => scope != BehaviourScope.UserIdentity,
        (BehaviourKind.Asns, _) => true,
        (_, var scope) => scope != BehaviourScope.Bucket,
    };
}

/// <summary>What is looked at: names of APIs, networks (<see cref="BehaviourProfile.Network"/>), families of user agents, buckets, and the names and CloudTrail types of callers.</summary>
public enum BehaviourKind { Apis, UserTypes, UserNames, Asns, UserAgents, Buckets }

public enum BehaviourScope { Account, UserIdentity, Bucket }

/// <summary>Calls of a family, such as reads of objects, in the 24 hours up to the finding and on the days before.</summary>
/// <param name="DailyAverage">Calls on a day, of the days that are remembered.</param>
/// <param name="DailyMost">On the busiest of them.</param>
public sealed record CallVolume(VolumeScope Scope, long Past24Hours, double DailyAverage, long DailyMost);

/// <summary>Whose calls: all to the bucket, the identity's to the bucket, or the identity's to all buckets.</summary>
public enum VolumeScope { Bucket, BucketUserIdentity, UserIdentity }
