using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Tools whose user agent names an operating system made for penetration tests.</summary>
internal static class PenetrationTestSystems
{
    // Type; the system as an agent names it; whether S3 objects are touched or the account is looked at.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("PenTest:IAMUser/KaliLinux", "kali", data: false),
        Row("PenTest:IAMUser/ParrotLinux", "parrot", data: false),
        Row("PenTest:IAMUser/PentooLinux", "pentoo", data: false),
        Row("PenTest:S3/KaliLinux", "kali", data: true),
        Row("PenTest:S3/ParrotLinux", "parrot", data: true),
        Row("PenTest:S3/PentooLinux", "pentoo", data: true),
    ];

    private static Scenario Row(string type, string system, bool data) => new(
        type, LogKind.CloudTrail, stage => Attack(stage, system, data), stage => Twin(stage, system, data), stage => Evasive(stage, system, data));

    private static ApiAct Make(Stage stage, Principal caller, long time, bool data, string agent) =>
        new(stage.Account, stage.Region, time, data ? "s3" : "ec2", data ? "GetObject" : "DescribeInstances")
        {
            Principal = caller, Address = Internet.Text(stage.Office), UserAgent = agent, ReadOnly = true, IsData = data, Bucket = data ? stage.Bucket : null,
            Request = data ? """{"bucketName":"<bucket>","key":"<object>","Host":"<bucket>.s3.<region>.amazonaws.com"}""" : """{"instancesSet":{},"filterSet":{}}""",
        };

    private static void Attack(Stage stage, string system, bool data)
    {
        var caller = stage.Caller();
        foreach (var time in stage.Soon(3))
        {
            stage.Do(Make(stage, caller, time, data,
                $"aws-cli/2.28.3 md/awscrt#0.27.4 ua/2.1 os/linux#6.12.33-{system}-amd64 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython md/distrib#{system}.2026 md/prompt#off"));
        }
        stage.Found(data ? stage.Bucket : caller.Arn, caller.Arn, "the command line says what system it runs on");
    }

    private static void Twin(Stage stage, string system, bool data)
    {
        var caller = stage.Caller();
        foreach (var time in stage.Soon(3))
            stage.Do(Make(stage, caller, time, data, $"{system}-trading-backend/4.2 aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.2 md/GOOS#linux md/GOARCH#arm64 app/{system}fish"));
        stage.Quiet(data ? stage.Bucket : caller.Arn, caller.Arn, "a product that merely has the word in its own name");
    }

    private static void Evasive(Stage stage, string system, bool data)
    {
        var caller = stage.Caller();
        foreach (var time in stage.Slowly(3))
            stage.Do(Make(stage, caller, time, data, "aws-cli/2.28.3 md/awscrt#0.27.4 ua/2.1 os/linux#6.12.33 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython md/prompt#off"));
        stage.Blind(data ? stage.Bucket : caller.Arn, caller.Arn, "the agent was changed to hide the system; nothing else in the record tells it");
    }
}
