using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class PublicBucketTests
{
    private static readonly PublicBucket Detector = new(Policy.S3.BucketAnonymousAccessGranted.Type, Policy.S3.BucketPublicAccessGranted.Type);

    private const string OpenPolicy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::open-data/*"}]}""";

    private static string? Found(string name, string request) => Detect(Detector, Event("s3", name, request)) switch
    {
        [] => null,
        [var one] => one.Type.Name,
        var several => string.Join(' ', several.Select(d => d.Type.Name)),
    };

    [Theory]
    [InlineData("""{"bucketName":"open-data","acl":[""],"x-amz-acl":["public-read"]}""", "Policy:S3/BucketAnonymousAccessGranted")]
    [InlineData("""{"bucketName":"open-data","acl":"","x-amz-acl":"public-read-write"}""", "Policy:S3/BucketAnonymousAccessGranted")]
    [InlineData("""{"bucketName":"open-data","x-amz-acl":["authenticated-read"]}""", "Policy:S3/BucketPublicAccessGranted")]
    [InlineData("""{"bucketName":"open-data","x-amz-acl":["private"]}""", null)]
    [InlineData("""{"bucketName":"open-data","x-amz-acl":["log-delivery-write"]}""", null)]
    [InlineData("""{"bucketName":"public-read","x-amz-acl":["bucket-owner-full-control"]}""", null)]
    [InlineData("""{"bucketName":"open-data","x-amz-grant-read":["id=\"abc\", uri=\"http://acs.amazonaws.com/groups/global/AllUsers\""]}""", "Policy:S3/BucketAnonymousAccessGranted")]
    [InlineData("""{"bucketName":"open-data","x-amz-grant-full-control":"uri=\"http://acs.amazonaws.com/groups/global/AuthenticatedUsers\""}""", "Policy:S3/BucketPublicAccessGranted")]
    [InlineData("""{"bucketName":"open-data","x-amz-grant-write":["uri=\"http://acs.amazonaws.com/groups/s3/LogDelivery\""]}""", null)]
    [InlineData("""{"bucketName":"open-data","AccessControlPolicy":{"AccessControlList":{"Grant":[{"Grantee":{"xsi:type":"CanonicalUser","ID":"abc"},"Permission":"FULL_CONTROL"},{"Grantee":{"xsi:type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ_ACP"}]}}}""", "Policy:S3/BucketAnonymousAccessGranted")]
    [InlineData("""{"bucketName":"open-data","AccessControlPolicy":{"AccessControlList":{"Grant":{"Grantee":{"xsi:type":"Group","URI":"http://acs.amazonaws.com/groups/global/AuthenticatedUsers"},"Permission":"WRITE"}}}}""", "Policy:S3/BucketPublicAccessGranted")]
    [InlineData("""{"bucketName":"open-data","AccessControlPolicy":{"AccessControlList":{"Grant":{"Grantee":{"xsi:type":"CanonicalUser","ID":"abc"},"Permission":"FULL_CONTROL"}}}}""", null)]
    [InlineData("""{"bucketName":"open-data","AccessControlPolicy":{"AccessControlList":""}}""", null)]
    public void An_access_control_list_is_read_in_each_of_its_forms(string request, string? expected) => Assert.Equal(expected, Found("PutBucketAcl", request));

    [Fact]
    public void A_bucket_may_be_born_public() =>
        Assert.Equal("Policy:S3/BucketAnonymousAccessGranted", Found("CreateBucket", """{"bucketName":"open-data","x-amz-acl":["public-read"]}"""));

    [Fact]
    public void A_policy_is_read_as_an_object_and_as_text()
    {
        Assert.Equal("Policy:S3/BucketAnonymousAccessGranted", Found("PutBucketPolicy", $$"""{"bucketName":"open-data","bucketPolicy":{{OpenPolicy}},"policy":[""]}"""));
        Assert.Equal("Policy:S3/BucketAnonymousAccessGranted", Found("PutBucketPolicy", $$"""{"bucketName":"open-data","bucketPolicy":{{JsonSerializer.Serialize(OpenPolicy)}},"policy":""}"""));
        Assert.Null(Found("PutBucketPolicy", """{"bucketName":"open-data","bucketPolicy":"{\"Statement\":[","policy":""}"""));
    }

    [Fact]
    public void The_finding_says_what_became_public_and_that_the_effect_is_unknown()
    {
        var found = Assert.Single(Detect(Detector, Event("s3", "PutBucketPolicy", $$"""{"bucketName":"open-data","bucketPolicy":{{OpenPolicy}}}""")));
        Assert.Equal(("open-data", User, Severity.High, ResourceType.AccessKey), (found.Subject, found.Principal, found.Severity, found.Resource.ResourceType));
        Assert.Equal(new S3PublicAccess("UNKNOWN") { BucketPolicy = new(AllowsPublicReadAccess: true, AllowsPublicWriteAccess: false) }, Assert.Single(found.Resource.S3BucketDetails).PublicAccess);
        Assert.Equal("the bucket's policy now lets anyone read", found.Why);
    }

    [Fact]
    public void A_refused_change_is_quiet() =>
        Assert.Empty(Detect(Detector, Event("s3", "PutBucketPolicy", $$"""{"bucketName":"open-data","bucketPolicy":{{OpenPolicy}}}""", """{"errorCode":"AccessDenied"}""")));
}
