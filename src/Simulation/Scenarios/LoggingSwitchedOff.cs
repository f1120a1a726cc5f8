using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Logs and rules that watch an account, switched off or weakened.</summary>
internal static class LoggingSwitchedOff
{
    private sealed record Change(string Service, string Name, string? Request, string? Error = null);

    private const string Trail = "arn:aws:cloudtrail:<region>:<account>:trail/organization";

    // Type; what the attacker does; what only looks like it, and why; the quieter way, and what comes of it.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("Stealth:IAMUser/CloudTrailLoggingDisabled",
            [new("cloudtrail", "StopLogging", $$"""{"name":"{{Trail}}"}"""), new("cloudtrail", "DeleteTrail", $$"""{"name":"{{Trail}}"}""")],
            [
                new("cloudtrail", "StopLogging", """{"name":"no-such-trail"}""", "TrailNotFoundException"),
                new("cloudtrail", "StartLogging", $$"""{"name":"{{Trail}}"}"""),
                new("cloudtrail", "PutEventSelectors", $$"""{"trailName":"{{Trail}}","eventSelectors":[{"readWriteType":"All","includeManagementEvents":true,"dataResources":[],"excludeManagementEventSources":["kms.amazonaws.com"]}]}"""),
                new("cloudtrail", "UpdateTrail", $$"""{"name":"{{Trail}}","isMultiRegionTrail":true,"enableLogFileValidation":true}"""),
            ],
            "the trail does not exist, is started, keeps its management events, stays in all regions",
            [new("cloudtrail", "PutEventSelectors", $$"""{"trailName":"{{Trail}}","advancedEventSelectors":[{"name":"objects","fieldSelectors":[{"field":"eventCategory","equals":["Data"]},{"field":"resources.type","equals":["AWS::S3::Object"]}]}]}""")],
            "the trail goes on, but its selectors no longer record management events"),
        Row("Stealth:IAMUser/PasswordPolicyChange",
            [new("iam", "DeleteAccountPasswordPolicy", null)],
            [new("iam", "UpdateAccountPasswordPolicy", Policy(16, true, true, 24))],
            "the policy was strengthened: 16 characters of all classes",
            [new("iam", "UpdateAccountPasswordPolicy", Policy(12, true, true, 24)), new("iam", "UpdateAccountPasswordPolicy", Policy(10, true, false, 3))],
            "weakened in small steps over the day: each step leaves less than 14 characters"),
        Row("DefenseEvasion:IAMUser/BedrockLoggingDisabled",
            [new("bedrock", "DeleteModelInvocationLoggingConfiguration", null)],
            [new("bedrock", "PutModelInvocationLoggingConfiguration", Bedrock(true)), new("bedrock", "DeleteModelInvocationLoggingConfiguration", null, "AccessDeniedException")],
            "logging was switched on, and a deletion denied",
            [new("bedrock", "PutModelInvocationLoggingConfiguration", Bedrock(false))],
            "the configuration stays, with every kind of delivery off"),
        Row("Stealth:S3/ServerAccessLoggingDisabled",
            [Logging("{\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\"}")],
            [
                Logging("{\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\",\"LoggingEnabled\":{\"TargetBucket\":\"central-access-logs\",\"TargetPrefix\":\"S3AccessLogs/\"}}"),
                Logging("{\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\"}") with { Error = "AccessDenied" },
            ],
            "logging was switched on, and switching it off denied",
            [Logging("{\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\",\"LoggingEnabled\":{\"TargetBucket\":\"bucket-nobody-reads\",\"TargetPrefix\":\"x/\"}}")],
            null),
        // Calls that are not out of the usual for a kind of API as well: what is found by two types would be counted twice.
        Row("Yagura:IAMUser/WatchWeakened",
            [
                new("guardduty", "CreateTrustedEntitySet", """{"detectorId":"<digest>","name":"partners","format":"TXT","location":"s3://<bucket>/partners.txt","activate":true}"""),
                new("guardduty", "UpdateOrganizationConfiguration", """{"detectorId":"<digest>","autoEnableOrganizationMembers":"NONE"}"""),
            ],
            [
                new("guardduty", "CreateTrustedEntitySet", """{"detectorId":"<digest>","name":"partners","format":"TXT","location":"s3://<bucket>/partners.txt","activate":false}"""),
                new("guardduty", "UpdateOrganizationConfiguration", """{"detectorId":"<digest>","autoEnableOrganizationMembers":"ALL"}"""),
                new("guardduty", "UpdateFilter", """{"detectorId":"<digest>","filterName":"grave","action":"NOOP","findingCriteria":{"criterion":{"severity":{"gte":7}}}}"""),
            ],
            "the list is not in use, new accounts are watched, and the filter is a saved view",
            [new("guardduty", "UpdateFilter", """{"detectorId":"<digest>","filterName":"noise","action":"ARCHIVE","findingCriteria":{"criterion":{"severity":{"gte":1}}}}""")],
            "the detector goes on, but a filter that was there now hides whatever it finds"),
    ];

    private static string Policy(int length, bool letters, bool rest, int reuse) =>
        $$"""{"minimumPasswordLength":{{length}},"requireLowercaseCharacters":{{Json(letters)}},"requireUppercaseCharacters":{{Json(letters)}},"requireNumbers":{{Json(rest)}},"requireSymbols":{{Json(rest)}},"allowUsersToChangePassword":true,"hardExpiry":false,"maxPasswordAge":90,"passwordReusePrevention":{{reuse}}}""";

    private static string Bedrock(bool on) =>
        $$$"""{"loggingConfig":{"cloudWatchConfig":{"logGroupName":"/bedrock/invocations","roleArn":"arn:aws:iam::<account>:role/<role>"},"textDataDeliveryEnabled":{{{Json(on)}}},"imageDataDeliveryEnabled":{{{Json(on)}}},"embeddingDataDeliveryEnabled":{{{Json(on)}}}}}""";

    private static Change Logging(string status) =>
        new("s3", "PutBucketLogging", $$"""{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","logging":"","BucketLoggingStatus":{{status}}}""");

    private static string Json(bool value) => value ? "true" : "false";

    /// <param name="evasionSeen">What the evasive changes do and are found for; null where logs are only redirected, which no type covers.</param>
    private static Scenario Row(string type, Change[] attack, Change[] twin, string twinNote, Change[] evasive, string? evasionSeen) => new(
        type, LogKind.CloudTrail,
        stage =>
        {
            var (subject, principal) = Act(stage, attack, stage.Soon(attack.Length));
            stage.Found(subject, principal, "done once, plainly");
        },
        stage =>
        {
            var (subject, principal) = Act(stage, twin, stage.Soon(twin.Length));
            stage.Quiet(subject, principal, twinNote);
        },
        stage =>
        {
            var (subject, principal) = Act(stage, evasive, stage.Slowly(evasive.Length));
            if (evasionSeen is not null) stage.Found(subject, principal, evasionSeen);
            else stage.Blind(subject, principal, "logging goes on, into a bucket that nobody reads: only where it should go could tell");
        });

    private static (string Subject, string Principal) Act(Stage stage, Change[] changes, long[] times)
    {
        var caller = stage.Caller();
        var bucket = changes[0].Service is "s3" ? stage.Bucket : null;
        foreach (var (change, time) in changes.Zip(times))
        {
            stage.Do(new ApiAct(stage.Account, change.Service is "iam" ? stage.Home : stage.Region, time, change.Service, change.Name)
            {
                Principal = caller, Address = Internet.Text(stage.Office), Request = change.Request, Error = change.Error, Bucket = bucket,
            });
        }
        return (bucket ?? caller.Arn, caller.Arn);
    }
}
