using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Buckets opened to everybody, and the guards against that taken away.</summary>
internal static class PublicAccess
{
    private sealed record Change(string Name, string Request, string? Error = null);

    private static string Put(string parameter, string value) => $$"""{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com",{{parameter}}{{value}}}""";

    private static string Policy(string principal, string condition = "") => Put("\"policy\":\"\",\"bucketPolicy\":",
        $$"""{"Version":"2012-10-17","Statement":[{"Sid":"Share","Effect":"Allow","Principal":{{principal}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::<bucket>/*"{{condition}}}]}""");

    private static string Guards(bool acls, bool policy) =>
        $$"""{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","BlockPublicAcls":{{Json(acls)}},"IgnorePublicAcls":{{Json(acls)}},"BlockPublicPolicy":{{Json(policy)}},"RestrictPublicBuckets":{{Json(policy)}}}""";

    private static string AccountGuards(bool acls, bool policy) => $$"""{"accountId":"<account>","Host":"<account>.s3-control.<region>.amazonaws.com","PublicAccessBlockConfiguration":{{Guards(acls, policy)}}}""";

    private static string Json(bool value) => value ? "true" : "false";

    private static string Grant(string group) => Put("\"acl\":\"\",\"AccessControlPolicy\":",
        $$$"""{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","Owner":{"ID":"<canonical>"},"AccessControlList":{"Grant":[{"Grantee":{"xmlns:xsi":"http://www.w3.org/2001/XMLSchema-instance","xsi:type":"CanonicalUser","ID":"<canonical>"},"Permission":"FULL_CONTROL"},{"Grantee":{"xmlns:xsi":"http://www.w3.org/2001/XMLSchema-instance","xsi:type":"Group","URI":"http://acs.amazonaws.com/groups/{{{group}}}"},"Permission":"READ"}]}}""");

    // Type; attack; twin and why it is harmless; evasive variant and what it does.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("Policy:S3/AccountBlockPublicAccessDisabled", ofBucket: false,
            new("PutAccountPublicAccessBlock", AccountGuards(false, false)),
            new("PutAccountPublicAccessBlock", AccountGuards(true, true)), "all four guards stay on",
            new("PutAccountPublicAccessBlock", AccountGuards(true, false)), "only the two guards that concern policies are switched off"),
        Row("Policy:S3/BucketBlockPublicAccessDisabled", ofBucket: true,
            new("DeleteBucketPublicAccessBlock", Put("\"publicAccessBlock\":", "\"\"")),
            new("PutBucketPublicAccessBlock", Put("\"publicAccessBlock\":\"\",\"PublicAccessBlockConfiguration\":", Guards(true, true))), "all four guards stay on",
            new("PutBucketPublicAccessBlock", Put("\"publicAccessBlock\":\"\",\"PublicAccessBlockConfiguration\":", Guards(false, true))), "only the two guards that concern ACLs are switched off"),
        Row("Policy:S3/BucketAnonymousAccessGranted", ofBucket: true,
            new("PutBucketPolicy", Policy("\"*\"")),
            new("PutBucketPolicy", Policy("\"*\"", ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-yagura0sim\"}}")), "everybody, but of the own organization only",
            new("PutBucketPolicy", Policy("{\"AWS\":[\"arn:aws:iam::<account>:root\",\"*\"]}", ",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"0.0.0.0/0\"}}")), "the star hides in a list, behind a condition that every address meets"),
        Row("Policy:S3/BucketPublicAccessGranted", ofBucket: true,
            new("PutBucketAcl", Grant("global/AuthenticatedUsers")),
            new("PutBucketAcl", Grant("s3/LogDelivery")), "the group is the log delivery service's",
            new("PutBucketAcl", Put("\"acl\":\"\",\"x-amz-acl\":", "\"authenticated-read\"")), "the canned ACL of the same effect, in a header"),
    ];

    private static Scenario Row(string type, bool ofBucket, Change attack, Change twin, string twinNote, Change evasive, string evasiveNote) => new(
        type, LogKind.CloudTrail,
        stage => Act(stage, attack, ofBucket, stage.Soon(2), (s, p) => stage.Found(s, p, "done twice, plainly")),
        stage => Act(stage, twin, ofBucket, stage.Soon(2), (s, p) => stage.Quiet(s, p, twinNote)),
        stage => Act(stage, evasive, ofBucket, stage.Slowly(1), (s, p) => stage.Found(s, p, evasiveNote)));

    private static void Act(Stage stage, Change change, bool ofBucket, long[] times, Action<string, string> expect)
    {
        var caller = stage.Caller();
        foreach (var time in times)
        {
            stage.Do(new ApiAct(stage.Account, stage.Region, time, "s3", change.Name)
            {
                Principal = caller, Address = Internet.Text(stage.Office), Request = change.Request, Bucket = ofBucket ? stage.Bucket : null,
            });
        }
        expect(ofBucket ? stage.Bucket : caller.Arn, caller.Arn);
    }
}
