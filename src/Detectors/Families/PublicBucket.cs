using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>A bucket's policy or ACL was set so that it lets people in who belong to no fixed set.</summary>
/// <remarks>Blind spots: ACLs of single objects, access point policies, and Block Public Access, which may keep the bucket closed all the same:
/// its settings are not in the record, so the effective permission is unknown.</remarks>
/// <param name="anyone">The type for everyone, also without credentials.</param>
/// <param name="authenticated">The type for everyone with an account.</param>
public sealed class PublicBucket(TypeBinding anyone, TypeBinding authenticated) : ApiCallRule("s3.amazonaws.com", anyone, authenticated)
{
    /// <summary>The effective permission where the log alone cannot decide.</summary>
    public const string Unknown = "UNKNOWN";

    private readonly TypeBinding _anyone = anyone;
    private readonly TypeBinding _authenticated = authenticated;

    public override IReadOnlyList<string> EventNames { get; } = ["PutBucketPolicy", "PutBucketAcl", "CreateBucket"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        var byPolicy = call.Name.SequenceEqual("PutBucketPolicy"u8);
        var reach = byPolicy ? OfPolicy(request) : BucketAcl.Evaluate(request);
        if (reach.Audience == Audience.Fixed) return null;
        var (type, whom) = reach.Audience == Audience.Anyone ? (_anyone, "anyone") : (_authenticated, "everyone with an account");
        var why = $"the bucket's {(byPolicy ? "policy" : "access control list")} now lets {whom} {Verbs(reach)}";
        var access = new S3PublicAccess(Unknown);
        return ApiCallFacts.AboutBucket(call, type.Type, Severity.High, ResourceType.AccessKey, knowledge, why)
            ?.WithPublicAccess(byPolicy ? access with { BucketPolicy = reach.Grants } : access with { AccessControlList = reach.Grants });
    }

    /// <summary>The policy as CloudTrail writes it, an object, or as the caller sent it, a text.</summary>
    private static PublicReach OfPolicy(JsonElement request)
    {
        var policy = request.Child("bucketPolicy");
        if (policy.ValueKind == JsonValueKind.Object) return BucketPolicy.Evaluate(policy);
        var text = request.Text("bucketPolicy") ?? request.Text("policy");
        if (text is null || !RequestJson.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var document)) return default;
        using (document) return BucketPolicy.Evaluate(document.RootElement);
    }

    private static string Verbs(PublicReach reach) => (reach.Audience == Audience.Anyone ? reach.Anyone : reach.Authenticated) switch
    {
        BucketAccess.Read => "read",
        BucketAccess.Write => "write",
        _ => "read and write",
    };
}
