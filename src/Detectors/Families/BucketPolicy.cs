using System.Globalization;
using System.Text.Json;
using Yagura.Core;

namespace Yagura.Detectors.Families;

/// <summary>Finds out whom a bucket policy lets in beyond fixed principals, networks and organisations.</summary>
/// <remarks>
/// As the service does, a statement counts as open until something in it narrows it to fixed values, and explicit denials are left out of the
/// account. A value is fixed when it holds no wildcard and no policy variable; of an ARN the account must be fixed, of an address range not
/// wider than /8 (IPv6: /32). A condition that also holds when its key is absent (<c>…IfExists</c>, <c>ForAllValues:</c>) narrows nothing unless
/// a <c>Null</c> condition demands the key. Sources: Amazon S3 user guide, "The meaning of public"; IAM user guide, "JSON policy elements:
/// Condition operators" and "AWS global condition context keys".
/// </remarks>
public static class BucketPolicy
{
    private const int WidestV4 = 8, WidestV6 = 32;

    // Keys that name a fixed somebody or somewhere when their value is fixed.
    private static readonly HashSet<string> FixedValueKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList",
        "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpce", "aws:SourceIp",
        "aws:VpceAccount", "aws:VpceOrgID", "s3:DataAccessPointAccount", "s3:x-amz-server-side-encryption-aws-kms-key-id",
    };

    private static readonly HashSet<string> ArnKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "aws:PrincipalArn", "aws:SourceArn", "aws:SourceVpcArn", "s3:DataAccessPointArn",
    };

    // Fixed up to a separator: "o-abc123/r-ab12/*" is one organisation, "AROAEXAMPLE:*" every session of one role.
    private static readonly Dictionary<string, char> PrefixKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["aws:PrincipalOrgPaths"] = '/', ["aws:SourceOrgPaths"] = '/', ["aws:VpceOrgPaths"] = '/', ["aws:userid"] = ':',
    };

    // Keys that a request without credentials does not carry.
    private static readonly HashSet<string> SignedRequestKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid", "aws:username",
        "s3:authType", "s3:signatureversion", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime",
    };

    private static readonly string[] ReadVerbs = ["get", "list", "describe", "head"];
    private static readonly string[] WriteVerbs =
        ["put", "delete", "create", "abort", "restore", "replicate", "bypass", "update", "object", "initiate", "tag", "untag"];

    /// <param name="policy">The policy as an object; anything else shows nothing.</param>
    public static PublicReach Evaluate(JsonElement policy)
    {
        var reach = default(PublicReach);
        foreach (var statement in policy.Child("Statement").Items())
        {
            if (statement.Text("Effect") is not "Allow") continue;
            var audience = Narrower(Principals(statement), Condition(statement.Child("Condition")));
            if (audience != Audience.Fixed) reach = reach.With(PublicReach.Of(audience, Access(statement)));
        }
        return reach;
    }

    private static Audience Narrower(Audience one, Audience other) => one < other ? one : other;

    private static Audience Principals(JsonElement statement)
    {
        // To allow all but some is to allow everyone else, also without credentials.
        var except = statement.Child("NotPrincipal");
        if (except.ValueKind != JsonValueKind.Undefined) return IsEveryone(except) ? Audience.Fixed : Audience.Anyone;

        var principal = statement.Child("Principal");
        if (IsEveryone(principal)) return Audience.Anyone;
        // An identity provider of the account has an ARN; a name is one where anyone can have an account.
        return principal.Child("Federated").Items().Any(p => p.Text() is { } name && !name.StartsWith("arn:", StringComparison.OrdinalIgnoreCase))
            ? Audience.Authenticated : Audience.Fixed;
    }

    private static bool IsEveryone(JsonElement principal) =>
        principal.Text() is "*" || principal.Child("AWS").Items().Any(item => item.Text() is "*");

    private static Audience Condition(JsonElement condition)
    {
        var demanded = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (test, keys) in condition.Members())
        {
            if (!test.Equals("Null", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var (key, values) in keys.Members())
                if (values.Items().All(v => v.Text() is "false")) demanded.Add(key);
        }

        var audience = demanded.Overlaps(SignedRequestKeys) ? Audience.Authenticated : Audience.Anyone;
        foreach (var (test, keys) in condition.Members())
        {
            var (name, holdsWhenAbsent) = Operator(test);
            foreach (var (key, values) in keys.Members())
            {
                if (holdsWhenAbsent && !demanded.Contains(key)) continue;
                audience = Narrower(audience, Test(name, key, values));
            }
        }
        return audience;
    }

    /// <summary>The operator without what says how many values must match and what happens when there are none.</summary>
    private static (string Name, bool HoldsWhenAbsent) Operator(string test)
    {
        var name = test.ToLowerInvariant();
        var holdsWhenAbsent = name.StartsWith("forallvalues:", StringComparison.Ordinal);
        name = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (!name.EndsWith("ifexists", StringComparison.Ordinal)) return (name, holdsWhenAbsent);
        return (name[..^"ifexists".Length], true);
    }

    private static Audience Test(string name, string key, JsonElement values) => name switch
    {
        "stringequals" or "stringequalsignorecase" => Matches(key, values, wildcards: false),
        "stringlike" or "arnequals" or "arnlike" => Matches(key, values, wildcards: true),
        "ipaddress" when Is(key, "aws:SourceIp") => values.Items().All(v => IsNarrowRange(v.Text())) ? Audience.Fixed : Audience.Anyone,
        "stringnotequals" or "stringnotequalsignorecase" or "stringnotlike" when Is(key, "aws:PrincipalType") =>
            values.Items().Any(v => Is(v.Text(), "Anonymous")) ? Audience.Authenticated : Audience.Anyone,
        "bool" when Is(key, "aws:PrincipalIsAWSService") && values.Items().All(v => v.Text() is "true") => Audience.Fixed,
        "bool" when Is(key, "aws:MultiFactorAuthPresent") && values.Items().All(v => v.Text() is "true") => Audience.Authenticated,
        _ => Audience.Anyone,
    };

    /// <summary>Whom a key lets in that must be one of some values.</summary>
    private static Audience Matches(string key, JsonElement values, bool wildcards)
    {
        if (values.Items().All(v => IsFixed(key, v.Text(), wildcards))) return Audience.Fixed;
        if (Is(key, "aws:PrincipalType")) return values.Items().Any(v => v.Text() is { } type && (Is(type, "Anonymous") || HasWildcard(type))) ? Audience.Anyone : Audience.Authenticated;
        return SignedRequestKeys.Contains(key) || key.StartsWith("aws:PrincipalTag/", StringComparison.OrdinalIgnoreCase) ? Audience.Authenticated : Audience.Anyone;
    }

    private static bool IsFixed(string key, string? value, bool wildcards)
    {
        if (value is null || value.Contains("${", StringComparison.Ordinal)) return false;
        if (FixedValueKeys.Contains(key)) return !wildcards || !HasWildcard(value);
        if (ArnKeys.Contains(key)) return !wildcards || !HasWildcard(value) || HasFixedAccount(value);
        if (!PrefixKeys.TryGetValue(key, out var separator)) return false;
        var end = value.IndexOf(separator, StringComparison.Ordinal);
        return !wildcards || !HasWildcard(end < 0 ? value : value[..end]);
    }

    private static bool HasFixedAccount(string arn) => arn.Split(':', 6) is { Length: 6 } parts && parts[4].Length > 0 && !HasWildcard(parts[4]);

    private static bool HasWildcard(string value) => value.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool IsNarrowRange(string? range)
    {
        if (range is null) return false;
        var slash = range.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return true;
        // What is no range matches no address, so it lets nobody in.
        if (!IpAddress.TryParse(range[..slash], out var address) || !int.TryParse(range.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return true;
        return length >= (address.IsV4 ? WidestV4 : WidestV6);
    }

    private static BucketAccess Access(JsonElement statement)
    {
        if (statement.Child("NotAction").ValueKind != JsonValueKind.Undefined)
            return statement.Child("NotAction").Items().Any(a => a.Text() is "*" or "s3:*") ? BucketAccess.None : BucketAccess.Read | BucketAccess.Write;
        var access = BucketAccess.None;
        foreach (var action in statement.Child("Action").Items())
        {
            if (action.Text()?.ToLowerInvariant() is not { } name) continue;
            if (name is not "*" && !name.StartsWith("s3:", StringComparison.Ordinal)) continue;
            if (name is not "*") name = name["s3:".Length..];
            var wildcard = name.AsSpan().IndexOfAny('*', '?');
            var known = wildcard < 0 ? name : name[..wildcard];
            if (ReadVerbs.Any(verb => Overlap(verb, known))) access |= BucketAccess.Read;
            if (wildcard < 0 ? !ReadVerbs.Any(verb => Overlap(verb, known)) : WriteVerbs.Any(verb => Overlap(verb, known))) access |= BucketAccess.Write;
        }
        return access;
    }

    private static bool Overlap(string verb, string known) =>
        verb.StartsWith(known, StringComparison.Ordinal) || known.StartsWith(verb, StringComparison.Ordinal);

    private static bool Is(string? text, string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase);
}
