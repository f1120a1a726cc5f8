using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;
using Yagura.Logs.S3Access;

namespace Yagura.Detectors;

/// <summary>The facts of an API call that findings are made of.</summary>
public static class ApiCallFacts
{
    public const string Anonymous = "anonymous";

    /// <summary>Whether the call only reads: <c>readOnly</c> where the record has it, else by the verb its name begins with.</summary>
    public static bool IsRead(ApiCall call) => call[ApiField.ReadOnly] is { IsEmpty: false } flag
        ? flag.SequenceEqual("true"u8)
        : call.Name.StartsWith("Get"u8) || call.Name.StartsWith("List"u8) || call.Name.StartsWith("Describe"u8)
            || call.Name.StartsWith("Head"u8) || call.Name.StartsWith("Lookup"u8) || call.Name.StartsWith("BatchGet"u8);

    /// <summary>Who acted, the same for every session of one role: a user's or role's ARN, <c>anonymous</c>, or the foreign account and principal.</summary>
    public static string Principal(ApiCall call)
    {
        if (call[ApiField.IssuerArn] is { IsEmpty: false } issuer) return Utf8.Text(issuer);
        if (IsAnonymous(call)) return Anonymous;
        if (call[ApiField.UserArn] is { IsEmpty: false } arn) return Utf8.Text(WithoutSession(arn));
        var account = Utf8.Text(call[ApiField.UserAccountId]);
        var principal = Utf8.Text(WithoutSession(call[ApiField.PrincipalId]));
        return (account, principal) switch
        {
            ("", "") => Utf8.TextOrNull(call[ApiField.UserName]) ?? Utf8.TextOrNull(call[ApiField.InvokedBy]) ?? Utf8.Text(call[ApiField.UserType]),
            (_, "") => account,
            ("", _) => principal,
            _ => $"{account}:{principal}",
        };
    }

    // A foreign role's calls name no issuer, only the session: AROAEXAMPLE:session, or arn:aws:sts::ACCOUNT:assumed-role/ROLE/session.
    private static ReadOnlySpan<byte> WithoutSession(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("AROA"u8)) return name.IndexOf((byte)':') is >= 0 and var colon ? name[..colon] : name;
        var role = name.IndexOf(":assumed-role/"u8);
        return role >= 0 && name.StartsWith("arn:"u8) && name.LastIndexOf((byte)'/') is var slash && slash >= role + ":assumed-role/".Length ? name[..slash] : name;
    }

    public static bool IsAnonymous(ApiCall call) =>
        call[ApiField.PrincipalId].SequenceEqual("ANONYMOUS_PRINCIPAL"u8) || call[ApiField.UserAccountId].SequenceEqual("ANONYMOUS_PRINCIPAL"u8)
        || call[ApiField.UserAccountId].SequenceEqual("anonymous"u8);

    /// <summary>The region a finding belongs to, empty where the record names none (S3 access logs). Global services have one home per partition,
    /// wherever the event was recorded.</summary>
    /// <remarks>Source: AWS CloudTrail user guide, "Global service events"; STS's global endpoint records in its home region by itself.</remarks>
    public static string Region(ApiCall call) => Region(Utf8.Text(call.Source), Utf8.Text(call.Region));

    /// <inheritdoc cref="Region(ApiCall)"/>
    /// <param name="source">The service, such as <c>iam.amazonaws.com</c>.</param>
    /// <param name="region">Where the call was recorded.</param>
    public static string Region(string source, string region) =>
        source is "iam.amazonaws.com" or "cloudfront.amazonaws.com" or "route53.amazonaws.com" or "organizations.amazonaws.com" or "signin.amazonaws.com" ? HomeRegion(region) : region;

    /// <summary>The region that stands for all of a partition's, by any of them.</summary>
    public static string HomeRegion(string region) => Partitions.Of(region) switch
    {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    };

    public static AccessKeyDetails AccessKey(ApiCall call) => new(
        Utf8.TextOrNull(call[ApiField.AccessKeyId]),
        Utf8.TextOrNull(call[ApiField.PrincipalId]),
        UserName(call),
        Utf8.TextOrNull(call[ApiField.UserType]));

    private static string? UserName(ApiCall call) =>
        Utf8.TextOrNull(call[ApiField.UserName]) ?? Utf8.TextOrNull(call[ApiField.IssuerUserName])
        ?? (call[ApiField.UserType].SequenceEqual("Root"u8) ? "Root" : IsAnonymous(call) ? Anonymous : null);

    /// <summary>The bucket of an S3 call, from its request or the resources it names; null where it names none.</summary>
    public static string? Bucket(ApiCall call)
    {
        if (RequestJson.TryParse(call[ApiField.RequestParameters], out var request))
        {
            using (request)
            {
                if (request.RootElement.Text("bucketName") is { Length: > 0 } name) return name;
            }
        }
        if (!RequestJson.TryParse(call[ApiField.Resources], out var resources)) return null;
        using (resources)
        {
            return resources.RootElement.Items()
                .Select(item => item.Text("ARN"))
                .FirstOrDefault(arn => arn is not null && arn.Contains(":s3:::", StringComparison.Ordinal) && !arn.Contains('/', StringComparison.Ordinal))
                ?.Split(":::")[1];
        }
    }

    public static AwsApiCallAction Action(ApiCall call, Knowledge knowledge)
    {
        var bucket = call.Source.SequenceEqual("s3.amazonaws.com"u8) ? Bucket(call) : null;
        return new AwsApiCallAction(Utf8.Text(call.Name), Utf8.Text(call.Source), call.Address.IsNone ? "Domain" : "Remote IP", Remote(call.Address, knowledge.Intel))
        {
            ErrorCode = Utf8.TextOrNull(call[ApiField.ErrorCode]),
            UserAgent = Utf8.TextOrNull(call[ApiField.UserAgent]),
            Domain = call.Address.IsNone ? Utf8.TextOrNull(call[ApiField.SourceIpAddress]) : null,
            AffectedResources = bucket is null ? [] : [new("AWS::S3::Bucket", bucket)],
        };
    }

    public static RemoteIp? Remote(IpAddress address, IntelSnapshot intel)
    {
        if (address.IsNone) return null;
        var origin = intel.Locate(address);
        return new RemoteIp(address)
        {
            CountryCode = origin?.CountryCode,
            CountryName = origin?.CountryName,
            CityName = origin?.City,
            Latitude = origin?.Latitude,
            Longitude = origin?.Longitude,
            Asn = origin?.Asn,
            AsnOrganization = origin?.Organization,
        };
    }

    public static IReadOnlyList<ThreatIntelligenceDetail> Evidence(ThreatMatch match, ThreatCategory categories) =>
        [.. match.Lists.Where(l => (l.Category & categories) != ThreatCategory.None).Select(l => new ThreatIntelligenceDetail(l.Name, l.ThreatName is null ? [] : [l.ThreatName], l.Sha256))];

    /// <summary>A detection about the caller's key: subject and principal are the acting identity.</summary>
    public static Detection AboutCaller(ApiCall call, FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        var principal = Principal(call);
        var bucket = call.Source.SequenceEqual("s3.amazonaws.com"u8) ? Bucket(call) : null;
        return new Detection(
            type, Utf8.Text(call.AccountId), Region(call), principal, principal, severity,
            new Resource(ResourceType.AccessKey)
            {
                AccessKeyDetails = AccessKey(call),
                S3BucketDetails = bucket is null ? [] : [new S3BucketDetails(bucket)],
            },
            Action(call, knowledge), ResourceRole.Target, why);
    }

    /// <summary>A detection about the bucket of an S3 call; null where the call names no bucket.</summary>
    public static Detection? AboutBucket(ApiCall call, FindingType type, Severity severity, ResourceType resourceType, Knowledge knowledge, string why)
    {
        if (Bucket(call) is not { } bucket) return null;
        return new Detection(
            type, Utf8.Text(call.AccountId), Region(call), bucket, Principal(call), severity,
            new Resource(resourceType) { AccessKeyDetails = AccessKey(call), S3BucketDetails = [new S3BucketDetails(bucket)] },
            Action(call, knowledge), ResourceRole.Target, why);
    }

    /// <summary>The detection with what became public of its one bucket.</summary>
    public static Detection WithPublicAccess(this Detection detection, S3PublicAccess access) => detection with
    {
        Resource = detection.Resource with { S3BucketDetails = [detection.Resource.S3BucketDetails[0] with { PublicAccess = access }] },
    };

    /// <summary>What kind of S3 object call it is; null for any other call.</summary>
    public static S3OperationKind? S3Kind(ApiCall call) => call.IsS3DataEvent ? S3Operations.Kind(call.Name) : null;

    /// <summary>One line for the list of evidence.</summary>
    public static string Summary(ApiCall call)
    {
        var text = $"{Utf8.Text(call.Source)} {Utf8.Text(call.Name)} from {Utf8.Text(call[ApiField.SourceIpAddress])}";
        return call.Succeeded ? text : $"{text} ({Utf8.Text(call[ApiField.ErrorCode])})";
    }
}
