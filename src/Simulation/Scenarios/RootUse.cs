using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Use of the account's root, by its own credentials or by sessions handed out with sts:AssumeRoot.</summary>
internal static class RootUse
{
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("Policy:IAMUser/RootCredentialUsage", LogKind.CloudTrail, SignsInAndMakesKey, ServiceActsForRoot, OneReadWithKey),
        new("Policy:IAMUser/ShortTermRootCredentialUsage", LogKind.CloudTrail, AssumedRootRemovesPolicy, AssumeRootDenied, OneCallAtNight),
    ];

    private static string Arn(Stage stage) => $"arn:aws:iam::{stage.Account.Id}:root";

    private static string Root(string more) => $$"""{"type":"Root","principalId":"<account>","arn":"arn:aws:iam::<account>:root","accountId":"<account>"{{more}}}""";

    private const string Session = ",\"accessKeyId\":\"ASIA<key>\",\"sessionContext\":{\"attributes\":{\"creationDate\":\"<created>\",\"mfaAuthenticated\":\"true\"}}";
    private const string AssumedRoot = ",\"accessKeyId\":\"ASIA<key>\",\"sessionContext\":{\"attributes\":{\"creationDate\":\"<created>\",\"mfaAuthenticated\":\"false\"},\"assumedRoot\":\"true\"}";

    private static void SignsInAndMakesKey(Stage stage)
    {
        var times = stage.Soon(3);
        var address = Internet.Text(stage.Unlisted());
        const string browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        stage.Do(new ApiAct(stage.Account, stage.Home, times[0], "signin", "ConsoleLogin")
        {
            Identity = Root(""), Address = address, UserAgent = browser, EventType = "AwsConsoleSignIn", Response = """{"ConsoleLogin":"Success"}""",
        });
        stage.Do(new ApiAct(stage.Account, stage.Home, times[1], "iam", "CreateAccessKey")
        {
            Identity = Root(Session), Address = address, UserAgent = browser, Response = """{"accessKey":{"accessKeyId":"AKIA<longkey>","status":"Active","createDate":"Sep 1, 2026, 10:00:00 AM"}}""",
        });
        stage.Do(new ApiAct(stage.Account, stage.Home, times[2], "iam", "ListUsers") { Identity = Root(Session), Address = address, UserAgent = browser, ReadOnly = true });
        stage.Found(Arn(stage), Arn(stage), "root signs in and makes itself an access key");
    }

    private static void ServiceActsForRoot(Stage stage)
    {
        foreach (var time in stage.Soon(3))
        {
            stage.Do(new ApiAct(stage.Account, stage.Home, time, "ec2", "TerminateInstances")
            {
                Identity = Root(",\"sessionContext\":{\"attributes\":{\"creationDate\":\"<created>\",\"mfaAuthenticated\":\"false\"}},\"invokedBy\":\"autoscaling.amazonaws.com\""),
                Address = "autoscaling.amazonaws.com", Request = """{"instancesSet":{"items":[{"instanceId":"i-<hex17>"}]}}""",
            });
        }
        stage.Quiet(Arn(stage), Arn(stage), "a service acts for the account that root owns");
    }

    private static void OneReadWithKey(Stage stage)
    {
        stage.Do(new ApiAct(stage.Account, stage.Home, stage.Slowly(1)[0], "iam", "GetAccountSummary")
        {
            Identity = Root(",\"accessKeyId\":\"AKIA<longkey>\""), Address = Internet.Text(stage.Office), ReadOnly = true,
            UserAgent = "aws-cli/2.28.11 md/awscrt#0.27.4 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.5 md/prompt#off",
        });
        stage.Found(Arn(stage), Arn(stage), "one harmless read in a day, by access key from the office");
    }

    private static void AssumedRootRemovesPolicy(Stage stage)
    {
        foreach (var time in stage.Soon(2))
        {
            stage.Do(new ApiAct(stage.Account, stage.Home, time, "s3", "DeleteBucketPolicy")
            {
                Identity = Root(AssumedRoot), Address = Internet.Text(stage.Unlisted()), UserAgent = "aws-cli/2.28.11 ua/2.1 os/linux#6.8.0 lang/python#3.13.5",
                Request = """{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","policy":""}""", Bucket = stage.Bucket,
            });
        }
        stage.Found(Arn(stage), Arn(stage), "a session made by sts:AssumeRoot removes bucket policies");
    }

    private static void AssumeRootDenied(Stage stage)
    {
        var caller = stage.Caller();
        foreach (var time in stage.Soon(2))
        {
            stage.Do(new ApiAct(stage.Account, stage.Home, time, "sts", "AssumeRoot")
            {
                Principal = caller, Address = Internet.Text(stage.Office), Error = "AccessDenied",
                Request = """{"targetPrincipal":"<account>","taskPolicyArn":{"arn":"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}""",
            });
        }
        stage.Quiet(Arn(stage), Arn(stage), "AssumeRoot was asked for and denied: no root session came of it");
    }

    private static void OneCallAtNight(Stage stage)
    {
        stage.Do(new ApiAct(stage.Account, stage.Home, stage.Slowly(1)[0], "iam", "ListAccessKeys")
        {
            Identity = Root(AssumedRoot), Address = Internet.Text(stage.Office), UserAgent = "Boto3/1.39.17 md/Botocore#1.39.17 ua/2.1 os/linux#6.1.141 lang/python#3.12.11", ReadOnly = true,
        });
        stage.Found(Arn(stage), Arn(stage), "one read of such a session");
    }
}
