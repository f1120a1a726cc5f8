using Yagura.Core.Findings;
using Yagura.Detectors.CredentialAccess.IAMUser;
using Yagura.Detectors.Policy.S3;
using Yagura.Detectors.Rules;
using Yagura.Detectors.Stealth.IAMUser;
using Yagura.Logs;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class ApiCallRuleTests
{
    private static RuleDetector<ApiCall> Rules(string type) => new(LogType.CloudTrail, TypeRules.Of([type]), ofTypes: true);

    [Theory]
    [InlineData("DeleteAccountPasswordPolicy", "null", Severity.High)]
    [InlineData("UpdateAccountPasswordPolicy", "{}", Severity.Medium)]
    [InlineData("UpdateAccountPasswordPolicy", """{"minimumPasswordLength":6,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}""", Severity.Medium)]
    [InlineData("UpdateAccountPasswordPolicy", """{"minimumPasswordLength":20,"requireSymbols":true,"requireNumbers":false}""", Severity.Medium)]
    [InlineData("UpdateAccountPasswordPolicy", """{"minimumPasswordLength":12,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}""", Severity.Low)]
    [InlineData("UpdateAccountPasswordPolicy", """{"minimumPasswordLength":14,"requireSymbols":false,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}""", Severity.Low)]
    [InlineData("UpdateAccountPasswordPolicy", """{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true,"passwordReusePrevention":24}""", null)]
    public void A_password_policy_is_graded_by_what_is_left_of_it(string name, string request, Severity? expected)
    {
        var found = Detect(new PasswordPolicyChange(), Event("iam", name, request));
        Assert.Equal(expected, found is [var one] ? one.Severity : null);
    }

    [Theory]
    [InlineData("StopLogging", """{"name":"audit"}""", true)]
    [InlineData("DeleteTrail", """{"name":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"}""", true)]
    [InlineData("UpdateTrail", """{"name":"audit","isMultiRegionTrail":false}""", true)]
    [InlineData("UpdateTrail", """{"name":"audit","isMultiRegionTrail":true}""", false)]
    [InlineData("UpdateTrail", """{"name":"audit","s3BucketName":"other"}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","eventSelectors":[{"readWriteType":"ReadOnly","includeManagementEvents":false,"dataResources":[{"type":"AWS::S3::Object","values":[]}]}]}""", true)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","eventSelectors":[{"includeManagementEvents":false},{"includeManagementEvents":true}]}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","eventSelectors":[{"readWriteType":"All"}]}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]},{"field":"resources.type","equals":["AWS::S3::Object"]}]}]}""", true)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]}]}]}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","eventSelectors":[{"readWriteType":"ReadOnly","includeManagementEvents":true}]}""", true)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","eventSelectors":[{"readWriteType":"ReadOnly","includeManagementEvents":true},{"readWriteType":"WriteOnly","includeManagementEvents":false}]}""", true)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","eventSelectors":[{"readWriteType":"WriteOnly","includeManagementEvents":true}]}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"readOnly","equals":["true"]}]}]}""", true)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"readOnly","equals":["false"]}]}]}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"readOnly","equals":["true"]}]},{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"readOnly","equals":["false"]}]}]}""", false)]
    [InlineData("UpdateTrail", """{"name":"audit","includeGlobalServiceEvents":false}""", true)]
    [InlineData("UpdateTrail", """{"name":"audit","includeGlobalServiceEvents":true}""", false)]
    [InlineData("PutEventSelectors", """{"trailName":"audit"}""", false)]
    [InlineData("StartLogging", """{"name":"audit"}""", false)]
    public void A_trail_that_records_less_is_found(string name, string request, bool expected) =>
        Assert.Equal(
            expected ? 1 : 0,
            Detect(Rules("Stealth:IAMUser/CloudTrailLoggingDisabled"), Event("cloudtrail", name, request)).Count + Detect(new EventSelectorsReduced(), Event("cloudtrail", name, request)).Count);

    [Fact]
    public void A_failed_attempt_on_a_trail_is_quiet() =>
        Assert.Empty(Detect(Rules("Stealth:IAMUser/CloudTrailLoggingDisabled"), Event("cloudtrail", "StopLogging", """{"name":"audit"}""", """{"errorCode":"TrailNotFoundException"}""")));

    [Theory]
    [InlineData("""{"bucketName":"b","logging":"","BucketLoggingStatus":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/"}}""", true)]
    [InlineData("""{"bucketName":"b","logging":[""],"BucketLoggingStatus":""}""", true)]
    [InlineData("""{"bucketName":"b","logging":"","BucketLoggingStatus":{"xmlns":"x","LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":""}}}""", false)]
    [InlineData("""{"bucketName":"b","logging":""}""", false)]
    public void An_empty_logging_status_switches_the_access_log_off(string request, bool expected)
    {
        var found = Detect(Rules("Stealth:S3/ServerAccessLoggingDisabled"), Event("s3", "PutBucketLogging", request));
        Assert.Equal(expected ? "b" : null, found is [var one] ? one.Subject : null);
    }

    private const string AllOn = """{"xmlns":"x","RestrictPublicBuckets":true,"BlockPublicPolicy":true,"BlockPublicAcls":true,"IgnorePublicAcls":true}""";
    private const string OneOff = """{"xmlns":"x","RestrictPublicBuckets":true,"BlockPublicPolicy":false,"BlockPublicAcls":true,"IgnorePublicAcls":true}""";
    private const string OneMissing = """{"xmlns":"x","RestrictPublicBuckets":true,"BlockPublicAcls":true,"IgnorePublicAcls":true}""";

    [Theory]
    [InlineData("Put", $$"""{"bucketName":"b","publicAccessBlock":"","PublicAccessBlockConfiguration":{{AllOn}}}""", null)]
    [InlineData("Put", $$"""{"bucketName":"b","publicAccessBlock":"","PublicAccessBlockConfiguration":{{OneOff}}}""", "BlockPublicPolicy")]
    [InlineData("Put", $$"""{"bucketName":"b","publicAccessBlock":"","PublicAccessBlockConfiguration":{{OneMissing}}}""", "BlockPublicPolicy")]
    [InlineData("Put", """{"bucketName":"b","publicAccessBlock":""}""", null)]
    [InlineData("Delete", """{"bucketName":"b","publicAccessBlock":""}""", "BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets")]
    public void Any_setting_of_Block_Public_Access_that_is_off_counts(string verb, string request, string? off)
    {
        var bucket = Detect(new BucketBlockPublicAccessDisabled(), Event("s3", $"{verb}BucketPublicAccessBlock", request));
        var account = Detect(Rules("Policy:S3/AccountBlockPublicAccessDisabled"), Event("s3", $"{verb}AccountPublicAccessBlock", request));
        if (off is null)
        {
            Assert.Empty(bucket.Concat(account));
            return;
        }
        Assert.EndsWith($"is off for {off}", Assert.Single(bucket).Why, StringComparison.Ordinal);
        Assert.Equal(("b", "UNKNOWN", false), (bucket[0].Subject, bucket[0].Resource.S3BucketDetails[0].PublicAccess?.EffectivePermission, bucket[0].Resource.S3BucketDetails[0].PublicAccess?.BucketBlockPublicAccess?.BlockPublicPolicy));
        Assert.Equal(User, Assert.Single(account).Subject);
    }

    [Theory]
    [InlineData("DeleteModelInvocationLoggingConfiguration", "null", true)]
    [InlineData("PutModelInvocationLoggingConfiguration", """{"loggingConfig":{"textDataDeliveryEnabled":true}}""", true)]
    [InlineData("PutModelInvocationLoggingConfiguration", """{"loggingConfig":{"s3Config":{"bucketName":"logs"},"textDataDeliveryEnabled":false,"imageDataDeliveryEnabled":false,"embeddingDataDeliveryEnabled":false}}""", true)]
    [InlineData("PutModelInvocationLoggingConfiguration", """{"loggingConfig":{"cloudWatchConfig":{"logGroupName":"g"},"textDataDeliveryEnabled":true,"imageDataDeliveryEnabled":false,"embeddingDataDeliveryEnabled":false}}""", false)]
    [InlineData("PutModelInvocationLoggingConfiguration", """{"loggingConfig":{"s3Config":{"bucketName":"logs"}}}""", false)]
    [InlineData("PutModelInvocationLoggingConfiguration", "null", false)]
    public void Model_invocation_logging_without_a_destination_or_a_kind_of_data_is_off(string name, string request, bool expected) =>
        Assert.Equal(expected, Detect(Rules("DefenseEvasion:IAMUser/BedrockLoggingDisabled"), Event("bedrock", name, request)).Count == 1);

    [Fact]
    public void A_leaked_key_is_found_whatever_it_calls_and_whether_it_may()
    {
        const string Leaked = """{"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ci","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"ci"},"errorCode":"AccessDenied"}""";
        var found = Assert.Single(Detect(new CompromisedCredentials(), Lists, Event("sts", "GetCallerIdentity", "null", Leaked), Event("sts", "GetCallerIdentity")));
        Assert.Equal(("arn:aws:iam::111122223333:user/ci", Severity.High, "leaked-keys"), (found.Subject, found.Severity, found.ThreatIntelligence[0].ThreatListName));
        Assert.Equal((null, "no list"), (new CompromisedCredentials().Types[0].Off(Lists), new CompromisedCredentials().Types[0].Off(Knowledge.Nothing)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"StopLogging\"")]
    [InlineData("[[],{}]")]
    [InlineData("""{"bucketName":1,"bucketPolicy":7,"AccessControlPolicy":[1],"x-amz-acl":{"a":[null]},"PublicAccessBlockConfiguration":[],"BucketLoggingStatus":[],"eventSelectors":[1,{"includeManagementEvents":"no"}],"advancedEventSelectors":{"fieldSelectors":{"field":"\ud800"}},"loggingConfig":{"s3Config":[]},"minimumPasswordLength":-1e99}""")]
    public void A_request_of_any_shape_is_judged_without_an_error(string request)
    {
        foreach (var detector in Catalog.ApiCalls)
        {
            foreach (var name in detector.EventNames.Append("PutBucketLogging"))
                foreach (var source in new[] { "s3", "iam", "cloudtrail", "bedrock" }) Detect(detector, Event(source, name, request));
        }
    }
}
