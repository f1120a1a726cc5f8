using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Principals that do what is not theirs to do, after days on which they did what is. They act in the account where nothing happens but what plans bring, past included.</summary>
internal static class OutOfTheUsual
{
    private const int Past = 8;

    /// <summary>Days on which a colleague did it before.</summary>
    private const int Seldom = 4;

    /// <summary>A client that nobody else has.</summary>
    private const string Stranger = "aws-sdk-rust/1.8.6 ua/2.1 os/linux lang/rust#1.89.0";

    private sealed record Call(string Service, string Name, string? Request = null, bool ReadOnly = false)
    {
        public bool IsData { get; init; }
    }

    private static Call Object(string name, bool readOnly = false) =>
        new("s3", name, """{"bucketName":"<bucket>","key":"<object>","Host":"<bucket>.s3.<region>.amazonaws.com"}""", readOnly) { IsData = true };

    private static Call Bucket(string name, bool readOnly = false) => new("s3", name, """{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com"}""", readOnly) { IsData = true };

    private static readonly Call Daily = new("ec2", "DescribeInstances", """{"instancesSet":{},"filterSet":{}}""", ReadOnly: true);

    // Type; what the attacker calls; what a colleague does now and then; what hardly anybody ever does, null where there is nothing of the kind.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("CredentialAccess:IAMUser/AnomalousBehavior",
            [new("secretsmanager", "ListSecrets", """{"maxResults":100}""", ReadOnly: true), new("secretsmanager", "GetSecretValue", """{"secretId":"<stage>/<thing>"}""", ReadOnly: true),
             new("ssm", "GetParametersByPath", """{"path":"/<thing>","recursive":true,"withDecryption":true}""", ReadOnly: true), new("ec2", "GetPasswordData", """{"instanceId":"i-<hex17>"}""", ReadOnly: true)],
            new("secretsmanager", "GetSecretValue", """{"secretId":"<stage>/<thing>"}""", ReadOnly: true),
            new("ec2", "GetPasswordData", """{"instanceId":"i-<hex17>"}""", ReadOnly: true)),
        Row("DefenseEvasion:IAMUser/AnomalousBehavior",
            [new("ec2", "DeleteFlowLogs", """{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-<hex17>"}}}"""), new("config", "StopConfigurationRecorder", """{"configurationRecorderName":"default"}"""),
             new("monitoring", "DisableAlarmActions", """{"alarmNames":["<thing>-sign-ins"]}"""), new("securityhub", "DisableSecurityHub")],
            new("logs", "DeleteLogGroup", """{"logGroupName":"/aws/lambda/<thing>-preview"}"""),
            new("securityhub", "DisableSecurityHub")),
        Row("Discovery:IAMUser/AnomalousBehavior",
            [new("sts", "GetCallerIdentity", ReadOnly: true), new("iam", "ListUsers", ReadOnly: true), new("iam", "GetAccountAuthorizationDetails", ReadOnly: true), new("s3", "ListBuckets", ReadOnly: true)],
            new("rds", "DescribeDBInstances", ReadOnly: true),
            null),
        Row("Exfiltration:IAMUser/AnomalousBehavior",
            [new("ec2", "CreateSnapshot", """{"volumeId":"vol-<hex17>"}"""), new("ec2", "ModifySnapshotAttribute", Share), new("rds", "CreateDBSnapshot", """{"dBInstanceIdentifier":"<thing>","dBSnapshotIdentifier":"tmp"}"""),
             new("rds", "ModifyDBSnapshotAttribute", """{"dBSnapshotIdentifier":"tmp","attributeName":"restore","valuesToAdd":["666677778888"]}""")],
            new("ec2", "CreateSnapshot", """{"volumeId":"vol-<hex17>"}"""),
            new("ec2", "ModifySnapshotAttribute", Share)),
        Row("Impact:IAMUser/AnomalousBehavior",
            [new("rds", "DeleteDBInstance", """{"dBInstanceIdentifier":"<thing>","skipFinalSnapshot":true}"""), new("dynamodb", "DeleteTable", """{"tableName":"<thing>"}"""),
             new("ec2", "DeleteSnapshot", """{"snapshotId":"snap-<hex17>"}"""), new("kms", "ScheduleKeyDeletion", """{"keyId":"<uuid>","pendingWindowInDays":7}""")],
            new("ec2", "TerminateInstances", """{"instancesSet":{"items":[{"instanceId":"i-<hex17>"}]}}"""),
            new("kms", "ScheduleKeyDeletion", """{"keyId":"<uuid>","pendingWindowInDays":30}""")),
        Row("InitialAccess:IAMUser/AnomalousBehavior",
            [new("sts", "GetFederationToken", """{"name":"helpdesk","durationSeconds":129600}"""), new("ssm", "StartSession", """{"target":"i-<hex17>"}"""), new("ecr", "GetAuthorizationToken"),
             new("ec2-instance-connect", "SendSSHPublicKey", """{"instanceId":"i-<hex17>","instanceOSUser":"ec2-user"}""")],
            new("ssm", "StartSession", """{"target":"i-<hex17>"}"""),
            new("sts", "GetFederationToken", """{"name":"helpdesk","durationSeconds":3600}""")),
        Row("Persistence:IAMUser/AnomalousBehavior",
            [new("iam", "CreateUser", """{"userName":"support-sync"}"""), new("iam", "CreateAccessKey", """{"userName":"support-sync"}"""), new("iam", "CreateLoginProfile", """{"userName":"support-sync","passwordResetRequired":false}"""),
             new("lambda", "CreateFunctionUrlConfig", """{"functionName":"<thing>-prod","authType":"NONE"}""")],
            new("iam", "CreateAccessKey", """{"userName":"<user>"}"""),
            new("iam", "CreateUser", """{"userName":"svc-<thing>-sync"}""")),
        Row("PrivilegeEscalation:IAMUser/AnomalousBehavior",
            [new("iam", "PutUserPolicy", """{"userName":"<user>","policyName":"extra"}"""), new("iam", "AttachUserPolicy", """{"userName":"<user>","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"""),
             new("iam", "AddUserToGroup", """{"userName":"<user>","groupName":"admins"}"""), new("iam", "CreatePolicyVersion", """{"policyArn":"arn:aws:iam::<account>:policy/<thing>","setAsDefault":true}""")],
            new("iam", "AddUserToGroup", """{"userName":"<user>","groupName":"developers"}"""),
            new("iam", "CreatePolicyVersion", """{"policyArn":"arn:aws:iam::<account>:policy/<thing>","setAsDefault":true}""")),
        Row("Discovery:S3/AnomalousBehavior",
            [Bucket("ListObjectVersions", readOnly: true), Bucket("ListObjects", readOnly: true), Object("GetObjectAcl", readOnly: true), Object("HeadObject", readOnly: true)], Bucket("ListObjectVersions", readOnly: true), null,
            Bucket("ListObjects", readOnly: true)),
        Row("Exfiltration:S3/AnomalousBehavior", [Object("GetObject", readOnly: true)], Object("SelectObjectContent", readOnly: true), null, Object("GetObject", readOnly: true)),
        Row("Impact:S3/AnomalousBehavior.Delete", [Bucket("DeleteObjects")], Object("DeleteObject"), null, Object("DeleteObject")),
        Row("Impact:S3/AnomalousBehavior.Permission", [Object("PutObjectAcl")], Object("PutObjectAcl"), null, Object("PutObjectAcl")),
        Row("Impact:S3/AnomalousBehavior.Write", [Object("CopyObject"), Object("PutObject")], Object("PutObject"), null, Object("PutObject")),
    ];

    private const string Share = """{"snapshotId":"snap-<hex17>","attributeType":"CREATE_VOLUME_PERMISSION","createVolumePermission":{"add":{"items":[{"userId":"666677778888"}]}}}""";

    /// <param name="daily">What principals do each day: of the type's own kind where it is about a bucket.</param>
    private static Scenario Row(string type, Call[] attack, Call colleagues, Call? rare, Call? daily = null) => new(
        type, LogKind.CloudTrail, stage => FromAfar(stage, attack, daily ?? Daily), stage => AsAColleagueDid(stage, colleagues, daily ?? Daily), stage => FromWithin(stage, rare, daily ?? Daily))
    { InOutpost = true };

    private static ApiAct Make(Stage stage, Principal caller, Call call, long time) => new(stage.Account, stage.Home, time, call.Service, call.Name)
    {
        Principal = caller, Address = Internet.Text(stage.Office), Request = call.Request, ReadOnly = call.ReadOnly, IsData = call.IsData, Bucket = call.IsData ? stage.Bucket : null,
    };

    private static string Subject(Stage stage, Principal caller, Call call) => call.IsData ? stage.Bucket : caller.Arn;

    /// <summary>Somebody who did the same thing on each of the days before.</summary>
    private static Principal Known(Stage stage, Call daily)
    {
        var caller = stage.Caller();
        foreach (var time in stage.Before(Past)) stage.Do(Make(stage, caller, daily, time));
        return caller;
    }

    private static void FromAfar(Stage stage, Call[] attack, Call daily)
    {
        var caller = Known(stage, daily);
        var address = Internet.Text(stage.Unlisted());
        var calls = stage.SoonByDay(4).Select((time, i) => stage.Do(Make(stage, caller, attack[i % attack.Length], time) with { Address = address, UserAgent = Stranger })).ToList();
        stage.Found(Subject(stage, caller, attack[0]), caller.Arn, calls, "four calls that are not the caller's, from an unknown network with another client");
    }

    private static void AsAColleagueDid(Stage stage, Call call, Call daily)
    {
        var (caller, colleague) = (Known(stage, daily), Known(stage, daily));
        foreach (var time in stage.Before(Past)[..Seldom]) stage.Do(Make(stage, colleague, call, time));
        stage.Do(Make(stage, caller, call, stage.SoonByDay(1)[0]));
        stage.Quiet(Subject(stage, caller, call), caller.Arn, "what a colleague does now and then, for the first time and from the office");
    }

    private static void FromWithin(Stage stage, Call? rare, Call daily)
    {
        var caller = Known(stage, daily);
        var calls = stage.SoonByDay(rare is null ? 6 : 1).Select(time => stage.Do(Make(stage, caller, rare ?? daily, time))).ToList();
        if (rare is null) stage.Blind(Subject(stage, caller, daily), caller.Arn, "an intruder at the caller's own desk does what the caller does each day, six times");
        else stage.Found(Subject(stage, caller, rare), caller.Arn, calls, "one call from the caller's own desk, which nobody in the account made before");
    }
}
