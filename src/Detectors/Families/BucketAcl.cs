using System.Text.Json;

namespace Yagura.Detectors.Families;

/// <summary>Reads the access control list that a call gives to a bucket: a canned one, grant headers, or the list itself.</summary>
/// <remarks>
/// <code>"x-amz-acl":["public-read"]</code>
/// <code>"x-amz-grant-read":["uri=\"http://acs.amazonaws.com/groups/global/AllUsers\""]</code>
/// <code>"AccessControlPolicy":{"AccessControlList":{"Grant":[{"Grantee":{"xsi:type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}}</code>
/// Source: Amazon S3 user guide, "Access control list (ACL) overview" and "The meaning of public": an ACL is public when it gives the group
/// AllUsers or AuthenticatedUsers any permission.
/// </remarks>
public static class BucketAcl
{
    private const string AllUsers = "/groups/global/AllUsers";
    private const string AuthenticatedUsers = "/groups/global/AuthenticatedUsers";

    private static readonly (string Header, string Permission)[] GrantHeaders =
    [
        ("x-amz-grant-read", "READ"), ("x-amz-grant-write", "WRITE"), ("x-amz-grant-read-acp", "READ_ACP"),
        ("x-amz-grant-write-acp", "WRITE_ACP"), ("x-amz-grant-full-control", "FULL_CONTROL"),
    ];

    public static PublicReach Evaluate(JsonElement request)
    {
        var reach = default(PublicReach);
        foreach (var canned in request.Child("x-amz-acl").Items()) reach = reach.With(Canned(canned.Text()));
        foreach (var (header, permission) in GrantHeaders)
        {
            foreach (var grantees in request.Child(header).Items()) reach = reach.With(Grant(grantees.Text(), permission));
        }
        foreach (var grant in request.Child("AccessControlPolicy").Child("AccessControlList").Child("Grant").Items())
            reach = reach.With(Grant(grant.Child("Grantee").Text("URI"), grant.Text("Permission")));
        return reach;
    }

    private static PublicReach Canned(string? name) => name switch
    {
        "public-read" => PublicReach.Of(Audience.Anyone, BucketAccess.Read),
        "public-read-write" => PublicReach.Of(Audience.Anyone, BucketAccess.Read | BucketAccess.Write),
        "authenticated-read" => PublicReach.Of(Audience.Authenticated, BucketAccess.Read),
        _ => default,
    };

    /// <param name="grantees">The URI of a group, or a header's list of grantees.</param>
    private static PublicReach Grant(string? grantees, string? permission)
    {
        if (grantees is null) return default;
        var access = permission switch
        {
            "READ" or "READ_ACP" => BucketAccess.Read,
            "WRITE" or "WRITE_ACP" => BucketAccess.Write,
            "FULL_CONTROL" => BucketAccess.Read | BucketAccess.Write,
            _ => BucketAccess.None,
        };
        return PublicReach.Of(
            grantees.Contains(AllUsers, StringComparison.Ordinal) ? Audience.Anyone
            : grantees.Contains(AuthenticatedUsers, StringComparison.Ordinal) ? Audience.Authenticated
            : Audience.Fixed, access);
    }
}
