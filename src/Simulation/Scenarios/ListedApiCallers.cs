using Yagura.Simulation.World;
using static Yagura.Simulation.Scenarios.ThreatLists;

namespace Yagura.Simulation.Scenarios;

/// <summary>Calls of AWS APIs from listed addresses, and with leaked keys.</summary>
internal static class ListedApiCallers
{
    private sealed record Call(string Service, string Name, string? Request = null, bool ReadOnly = false, bool IsData = false);

    private static readonly Call[] Reads =
    [
        new("ec2", "DescribeInstances", """{"instancesSet":{},"filterSet":{}}""", ReadOnly: true),
        new("secretsmanager", "ListSecrets", """{"maxResults":100}""", ReadOnly: true),
        new("lambda", "ListFunctions20150331", null, ReadOnly: true),
        new("rds", "DescribeDBInstances", null, ReadOnly: true),
    ];

    private static readonly Call[] Changes =
    [
        new("ec2", "CreateKeyPair", """{"keyName":"backup-access","keyType":"rsa","keyFormat":"pem"}"""),
        new("ec2", "AuthorizeSecurityGroupIngress", """{"groupId":"<group>","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"groups":{},"ipRanges":{"items":[{"cidrIp":"192.0.2.77/32"}]}}]}}"""),
        new("lambda", "UpdateFunctionConfiguration20150331v2", """{"functionName":"<thing>-prod","environment":{}}"""),
        new("ec2", "CreateSnapshot", """{"volumeId":"vol-<hex17>","description":"copy"}"""),
    ];

    private static readonly Call[] Looks =
    [
        new("s3", "ListObjects", """{"list-type":"2","bucketName":"<bucket>","prefix":"","Host":"<bucket>.s3.<region>.amazonaws.com"}""", ReadOnly: true, IsData: true),
        new("s3", "HeadObject", """{"bucketName":"<bucket>","key":"<object>","Host":"<bucket>.s3.<region>.amazonaws.com"}""", ReadOnly: true, IsData: true),
        new("s3", "HeadBucket", """{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com"}""", ReadOnly: true, IsData: true),
    ];

    private static readonly Call[] Downloads =
        [new("s3", "GetObject", """{"bucketName":"<bucket>","key":"<object>","Host":"<bucket>.s3.<region>.amazonaws.com"}""", ReadOnly: true, IsData: true)];

    private static readonly Call[] Writes =
    [
        new("s3", "PutObject", """{"bucketName":"<bucket>","key":"readme-to-decrypt.txt","Host":"<bucket>.s3.<region>.amazonaws.com"}""", IsData: true),
        new("s3", "DeleteObject", """{"bucketName":"<bucket>","key":"<object>","Host":"<bucket>.s3.<region>.amazonaws.com"}""", IsData: true),
    ];

    // Type; the list the address is on; the calls; the harmless twin; the evasive variant.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("Recon:IAMUser/MaliciousIPCaller", Kind.Malicious, Reads, FromTrustedAddress, OneCallPerAddress),
        Row("Recon:IAMUser/MaliciousIPCaller.Custom", Kind.Custom, Reads, FromTheOffice, OneCallPerAddress),
        Row("Recon:IAMUser/TorIPCaller", Kind.TorExit, Reads, FromServiceName, FromUnlistedAddress),
        Row("UnauthorizedAccess:IAMUser/MaliciousIPCaller", Kind.Malicious, Changes, FromTrustedAddress, EveryCallDenied),
        Row("UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom", Kind.Custom, Changes, FromServiceName, EveryCallDenied),
        Row("UnauthorizedAccess:IAMUser/TorIPCaller", Kind.TorExit, Changes, FromTheOffice, FromUnlistedAddress),
        Row("Discovery:S3/MaliciousIPCaller", Kind.Malicious, Looks, FromTrustedAddress, OneCallPerAddress),
        Row("Discovery:S3/MaliciousIPCaller.Custom", Kind.Custom, Looks, FromServiceName, EveryCallDenied),
        Row("Discovery:S3/TorIPCaller", Kind.TorExit, Looks, FromTheOffice, FromUnlistedAddress),
        Row("Exfiltration:S3/MaliciousIPCaller", Kind.Malicious, Downloads, FromTrustedAddress, WithoutCredentials),
        Row("Impact:S3/MaliciousIPCaller", Kind.Malicious, Writes, FromServiceName, OneCallPerAddress),
        Row("UnauthorizedAccess:S3/MaliciousIPCaller.Custom", Kind.Custom, Downloads, FromTheOffice, WithoutCredentials),
        Row("UnauthorizedAccess:S3/TorIPCaller", Kind.TorExit, Downloads, FromTrustedAddress, FromUnlistedAddress),
        new("CredentialAccess:IAMUser/CompromisedCredentials", LogKind.CloudTrail, LeakedKey, LeakedKeyOfAnother, LeakedKeyTurnedIntoSession),
    ];

    private static Scenario Row(
        string type, Kind list, Call[] calls, Action<Stage, Call[]> twin, Action<Stage, Kind, Call[]> evasive) => new(
        type, LogKind.CloudTrail, stage => Attack(stage, list, calls), stage => twin(stage, calls), stage => evasive(stage, list, calls));

    private static ApiAct Make(Stage stage, Principal caller, Call call, long time, uint address) =>
        new(stage.Account, stage.Region, time, call.Service, call.Name)
        {
            Principal = caller, Address = Internet.Text(address), Request = call.Request, ReadOnly = call.ReadOnly, IsData = call.IsData,
            Bucket = call.IsData ? stage.Bucket : null,
        };

    private static string Subject(Stage stage, Principal caller, Call[] calls) => calls[0].IsData ? stage.Bucket : caller.Arn;

    private static void Attack(Stage stage, Kind list, Call[] calls)
    {
        var caller = stage.Caller();
        var address = stage.Listed(list);
        foreach (var (i, time) in stage.Soon(5).Index()) stage.Do(Make(stage, caller, calls[i % calls.Length], time, address));
        stage.Found(Subject(stage, caller, calls), caller.Arn, "five calls from one listed address");
    }

    private static void FromTrustedAddress(Stage stage, Call[] calls) =>
        Twin(stage, calls, Internet.Text(stage.Listed(Kind.Trusted)), "the address is on the malicious list and on the trusted one");

    private static void FromTheOffice(Stage stage, Call[] calls) =>
        Twin(stage, calls, Internet.Text(stage.Office), "the same calls from the usual address");

    private static void FromServiceName(Stage stage, Call[] calls) =>
        Twin(stage, calls, "cloudformation.amazonaws.com", "an AWS service calls on the principal's behalf and leaves its name, no address");

    private static void Twin(Stage stage, Call[] calls, string address, string note)
    {
        var caller = stage.Caller();
        foreach (var (i, time) in stage.Soon(5).Index()) stage.Do(Make(stage, caller, calls[i % calls.Length], time, 0) with { Address = address });
        stage.Quiet(Subject(stage, caller, calls), caller.Arn, note);
    }

    private static void OneCallPerAddress(Stage stage, Kind list, Call[] calls)
    {
        var caller = stage.Caller();
        foreach (var (i, time) in stage.Slowly(4).Index()) stage.Do(Make(stage, caller, calls[i % calls.Length], time, stage.Listed(list)));
        stage.Found(Subject(stage, caller, calls), caller.Arn, "one call in many hours, each from another listed address: still one finding");
    }

    private static void EveryCallDenied(Stage stage, Kind list, Call[] calls)
    {
        var caller = stage.Caller();
        foreach (var (i, time) in stage.Slowly(3).Index())
            stage.Do(Make(stage, caller, calls[i % calls.Length], time, stage.Listed(list)) with { Error = "AccessDenied" });
        stage.Found(Subject(stage, caller, calls), caller.Arn, "every call is denied; trying from there is enough");
    }

    private static void FromUnlistedAddress(Stage stage, Kind list, Call[] calls)
    {
        var caller = stage.Caller();
        foreach (var (i, time) in stage.Slowly(3).Index()) stage.Do(Make(stage, caller, calls[i % calls.Length], time, stage.Unlisted()));
        stage.Blind(Subject(stage, caller, calls), caller.Arn, "an exit that is on no list yet: a list can only know what it was told");
    }

    private static void WithoutCredentials(Stage stage, Kind list, Call[] calls)
    {
        foreach (var (i, time) in stage.Slowly(4).Index())
        {
            stage.Do(Make(stage, stage.Account.Principals[0], calls[i % calls.Length], time, stage.Listed(list)) with
            {
                Identity = """{"type":"AWSAccount","principalId":"","accountId":"anonymous"}""",
                UserAgent = "curl/8.14.1",
            });
        }
        stage.Found(stage.Bucket, "anonymous", "no credentials at all, each object by another listed address");
    }

    private static string UserWithKey(Principal user, string key) =>
        $$"""{"type":"IAMUser","principalId":"AIDA{{key[4..]}}A","arn":"{{user.Arn}}","accountId":"<account>","accessKeyId":"{{key}}","userName":"{{user.Name}}"}""";

    /// <summary>Keys of the leaked list; the third is nobody's in the corpus.</summary>
    public static readonly string[] LeakedKeys = ["AKIASIMULATEDLEAK001", "AKIASIMULATEDLEAK002", "AKIASIMULATEDLEAK003"];

    private static void LeakedKey(Stage stage)
    {
        var caller = stage.Caller();
        foreach (var (i, time) in stage.Soon(4).Index())
            stage.Do(Make(stage, caller, Reads[i], time, stage.Unlisted()) with { Identity = UserWithKey(caller, LeakedKeys[0]) });
        stage.Found(caller.Arn, caller.Arn, "a leaked key used from addresses that no list names");
    }

    private static void LeakedKeyOfAnother(Stage stage)
    {
        var caller = stage.Caller();
        foreach (var (i, time) in stage.Soon(4).Index())
            stage.Do(Make(stage, caller, Reads[i], time, stage.Unlisted()) with { Identity = UserWithKey(caller, "AKIASIMULATEDLEAK00X") });
        stage.Quiet(caller.Arn, caller.Arn, "the key differs from a leaked one in its last letter");
    }

    private static void LeakedKeyTurnedIntoSession(Stage stage)
    {
        var caller = stage.Caller();
        var times = stage.Slowly(4);
        var first = stage.Do(Make(stage, caller, new("sts", "GetSessionToken", """{"durationSeconds":43200}"""), times[0], stage.Unlisted()) with
        {
            Identity = UserWithKey(caller, LeakedKeys[1]),
        });
        foreach (var time in times.Skip(1))
            stage.Do(Make(stage, caller, Reads[0], time, stage.Unlisted()) with { Identity = UserWithKey(caller, "ASIASIMULATEDSESSION") });
        stage.Found(caller.Arn, caller.Arn, [first], "the leaked key is used once, to get a session with a key of its own: only that call is counted");
    }
}
