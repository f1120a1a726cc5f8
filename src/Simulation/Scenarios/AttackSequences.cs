using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Attacks of several steps, each of which may be found or not; what they make together is.</summary>
internal static class AttackSequences
{
    private const string Theft = "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS";

    private sealed record Step(string Service, string Name, string Request, bool ReadOnly = false, bool OfBucket = false);

    private static readonly Step LooksRound = new("iam", "GetAccountAuthorizationDetails", """{"maxItems":1000}""", ReadOnly: true);
    private static readonly Step MakesUser = new("iam", "CreateUser", """{"userName":"support-2"}""");
    private static readonly Step MakesKey = new("iam", "CreateAccessKey", """{"userName":"support-2"}""");
    private static readonly Step GivesRights = new("iam", "AttachUserPolicy", """{"userName":"support-2","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}""");
    private static readonly Step Deletes = new("s3", "DeleteObjects", """{"bucketName":"<bucket>","delete":"","Host":"<bucket>.s3.<region>.amazonaws.com"}""", OfBucket: true);

    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("AttackSequence:IAM/CompromisedCredentials", LogKind.CloudTrail,
            stage => WithStolenSession(stage, [LooksRound, MakesUser, MakesKey, GivesRights], "stolen credentials look round and make a user with all rights", isSequence: true),
            stage => ByAdministrator(stage, [LooksRound, MakesUser, MakesKey, GivesRights], "an administrator makes a user with all rights: nothing says that it is misuse"),
            stage => WithStolenSession(stage, [LooksRound], "stolen credentials look round and do nothing else: one step is found, the attack is not told", isSequence: false)),
        new("AttackSequence:S3/CompromisedData", LogKind.CloudTrail,
            stage => WithStolenSession(stage, [LooksRound, .. Enumerable.Repeat(Deletes, 12)], "stolen credentials empty a bucket", isSequence: true),
            stage => ByAdministrator(stage, [.. Enumerable.Repeat(Deletes, 12)], "a job clears a bucket up"),
            stage => WithStolenSession(stage, [LooksRound, .. Enumerable.Repeat(Deletes, 4)], "stolen credentials delete a few objects: too few to be told from a program's work", isSequence: false)),
        new("AttackSequence:EC2/CompromisedInstanceGroup", LogKind.VpcFlow,
            stage => OnInstance(stage, mines: true, "an instance takes orders and mines for whoever gives them"),
            Visited,
            stage => OnInstance(stage, mines: false, "the pool is reached through a relay that no list names: one step is found, the attack is not told")),
    ];

    private static ApiAct Make(Stage stage, Principal caller, Region region, Step step, long time, string address) => new(stage.Account, step.Service is "iam" ? stage.Home : region, time, step.Service, step.Name)
    {
        Principal = caller, Address = address, Request = step.Request, ReadOnly = step.ReadOnly, IsData = step.OfBucket, Bucket = step.OfBucket ? stage.Bucket : null,
    };

    private static void WithStolenSession(Stage stage, Step[] steps, string note, bool isSequence)
    {
        var machine = stage.Machine(p => !p.Instance!.UsesEndpoint);
        var instance = machine.Instance!;
        foreach (var time in new[] { Organization.Start + 60, Organization.Start + Organization.Seconds - 60 })
            stage.Do(new ApiAct(stage.Account, instance.Region, time, "secretsmanager", "ListSecrets") { Principal = machine, Address = Internet.Text(instance.HomeAddress), Request = """{"maxResults":100}""", ReadOnly = true });
        var thief = Internet.Text(stage.Unlisted());
        // Within one hour of the clock, as a burst is counted.
        var start = stage.Soon(1)[0] / 3600 * 3600;
        List<Act> acts = [.. steps.Select((step, at) => stage.Do(Make(stage, machine, instance.Region, step, start + 600 + 60 * at, thief)))];
        stage.Found(instance.Id, machine.Arn, acts, "a step of a sequence: the records of all steps are the theft's", Theft);
        if (isSequence) stage.FoundSequence(machine.Arn, acts, note);
        else stage.Blind(machine.Arn, null, note);
    }

    private static void ByAdministrator(Stage stage, Step[] steps, string note)
    {
        var caller = stage.Caller();
        foreach (var (step, time) in steps.Zip(stage.Soon(steps.Length))) stage.Do(Make(stage, caller, stage.Region, step, time, Internet.Text(stage.Office)));
        stage.Quiet(caller.Arn, null, note);
    }

    private static FlowAct Out(Stage stage, Instance instance, long time, uint remote, int port, int number) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = port, LocalPort = 41_000 + number, Outgoing = true, InstanceIsClient = true, Packets = 9 + number, Bytes = 1_000 + 60 * number,
    };

    private static void OnInstance(Stage stage, bool mines, string note)
    {
        var machine = stage.Machine();
        var times = stage.Soon(4);
        List<Act> orders = [.. times.Take(2).Select((time, at) => stage.Do(Out(stage, machine.Instance!, time, stage.Listed(ThreatLists.Kind.CommandAndControl), 443, at)))];
        List<Act> mining = [.. times.Skip(2).Select((time, at) => stage.Do(Out(stage, machine.Instance!, time, mines ? stage.Listed(ThreatLists.Kind.Mining) : Internet.Site(31_000), mines ? 3333 : 443, 2 + at)))];
        stage.Found(machine.Instance!.Id, null, orders, "a step of a sequence: it asks for orders", "Backdoor:EC2/C&CActivity.B");
        var group = $"arn:aws:iam::{stage.Account.Id}:instance-profile/{machine.Name}";
        if (!mines)
        {
            stage.Blind(group, null, note);
            return;
        }
        stage.Found(machine.Instance.Id, null, mining, "a step of a sequence: it mines", "CryptoCurrency:EC2/BitcoinTool.B");
        stage.FoundSequence(group, [.. orders, .. mining], note);
    }

    private static void Visited(Stage stage)
    {
        var machine = stage.Machine();
        foreach (var (at, time) in stage.Soon(4).Index())
        {
            stage.Do(new FlowAct(stage.Account, machine.Instance!, time)
            {
                Remote = stage.Listed(at < 2 ? ThreatLists.Kind.CommandAndControl : ThreatLists.Kind.Mining), RemotePort = 50_000 + at, LocalPort = 443, Outgoing = false, InstanceIsClient = false, Packets = 6 + at, Bytes = 700 + 60 * at,
            });
        }
        stage.Quiet($"arn:aws:iam::{stage.Account.Id}:instance-profile/{machine.Name}", null, "listed addresses of several kinds visit the instance's public web server");
    }
}
