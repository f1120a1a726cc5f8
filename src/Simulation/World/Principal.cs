using Yagura.Simulation.Writing;

namespace Yagura.Simulation.World;

internal enum PrincipalKind { User, Person, Pipeline, Function, Task, Instance }

/// <summary>One identity that calls AWS, with the <c>userIdentity</c> it leaves in CloudTrail.</summary>
internal sealed class Principal
{
    public Principal(Account account, int number, Instance? instance, ref SplitMix64 random)
    {
        Instance = instance;
        Kind = (number % 10) switch
        {
            0 or 1 or 2 => PrincipalKind.User,
            3 => PrincipalKind.Person,
            4 => PrincipalKind.Pipeline,
            5 => PrincipalKind.Function,
            6 => PrincipalKind.Task,
            _ => PrincipalKind.Instance,
        };
        var thing = Names.Things[random.Below(Names.Things.Length)];
        var person = Names.People[random.Below(Names.People.Length)];
        var id = Unique(ref random);
        Desk = random.Below(4);
        Agent = random.Below(3);
        switch (Kind)
        {
            case PrincipalKind.User:
                Name = number % 3 == 0 ? $"svc-{thing}-{number}" : $"{person}.{number}";
                Arn = $"arn:aws:iam::{account.Id}:user/{Name}";
                Identity = Template.Parse(
                    $$"""{"type":"IAMUser","principalId":"AIDA{{id}}","arn":"{{Arn}}","accountId":"{{account.Id}}","accessKeyId":"AKIA<longkey>","userName":"{{Name}}"}""");
                break;
            case PrincipalKind.Person:
                Name = $"AWSReservedSSO_{(number % 4 == 3 ? "PowerUser" : "ReadOnly")}_{random.Next():x16}";
                Arn = $"arn:aws:iam::{account.Id}:role/aws-reserved/sso.amazonaws.com/{Name}";
                Identity = Session(account, id, $"{person}.{number}@corp.example", "");
                break;
            case PrincipalKind.Pipeline:
                Name = $"{thing}-deploy-{number}";
                Arn = $"arn:aws:iam::{account.Id}:role/{Name}";
                Identity = Session(account, id, $"pipeline-{thing}", "");
                break;
            case PrincipalKind.Function:
                Name = $"{thing}-function-{number}";
                Arn = $"arn:aws:iam::{account.Id}:role/service-role/{Name}";
                Function = $"arn:aws:lambda:<region>:{account.Id}:function:{thing}-{number}";
                Identity = Session(account, id, $"{thing}-{number}",
                    $$""","inScopeOf":{"issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"{{Function}}"}""");
                break;
            case PrincipalKind.Task:
                Name = $"{thing}-task-{number}";
                Arn = $"arn:aws:iam::{account.Id}:role/{Name}";
                Identity = Session(account, id, $"{random.Next():x16}{random.Next():x16}", "");
                break;
            default:
                Name = $"{thing}-instance-{number}";
                Arn = $"arn:aws:iam::{account.Id}:role/{Name}";
                Identity = Session(account, id, instance!.Id, "", ",\"ec2RoleDelivery\":\"2.0\"");
                break;
        }
        Number = number;
    }

    public int Number { get; }
    public PrincipalKind Kind { get; }
    /// <summary>User or role name.</summary>
    public string Name { get; }
    /// <summary>The user's ARN, or the role's for a session: what a finding names as principal.</summary>
    public string Arn { get; }
    /// <summary>The JSON object of <c>userIdentity</c>.</summary>
    public Template Identity { get; }
    public Instance? Instance { get; }
    /// <summary>The Lambda function the session belongs to, with a hole for the region; null for other kinds.</summary>
    public string? Function { get; }
    /// <summary>Which of the office's addresses a person or a user works from.</summary>
    public int Desk { get; }
    /// <summary>Which of its kind's user agents it has.</summary>
    public int Agent { get; }

    private Template Session(Account account, string id, string session, string scope, string delivery = "") => Template.Parse(
        $$$"""{"type":"AssumedRole","principalId":"AROA{{{id}}}:{{{session}}}","arn":"arn:aws:sts::{{{account.Id}}}:assumed-role/{{{Name}}}/{{{session}}}","accountId":"{{{account.Id}}}","accessKeyId":"ASIA<key>","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA{{{id}}}","arn":"{{{Arn}}}","accountId":"{{{account.Id}}}","userName":"{{{Name}}}"},"attributes":{"creationDate":"<created>","mfaAuthenticated":"{{{(Kind == PrincipalKind.Person ? "true" : "false")}}}"}{{{delivery}}}}{{{scope}}}}""");

    private static string Unique(ref SplitMix64 random)
    {
        var buffer = new Utf8Buffer();
        buffer.Base32(random.Next(), 8);
        buffer.Base32(random.Next(), 9);
        return System.Text.Encoding.ASCII.GetString(buffer.Written);
    }
}
