using System.Globalization;
using System.Text;

namespace Yagura.Engine.Tests;

/// <summary>Thirty days of fifty accounts with twenty principals each, of whom one in fifty does something new on a day, and attacks on the last ten days.</summary>
/// <remarks>Everything is drawn from the seed. What is new is harmless: an API of the principal's trade, a hotel, a new laptop, a second region.</remarks>
internal sealed class SimulatedMonth
{
    public const int Days = 30, Accounts = 50, PrincipalsPerAccount = 20, NewOneIn = 50;

    private static readonly DateTime Begin = new(2026, 9, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Reads =
    [
        "ec2:DescribeInstances", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeImages", "ec2:DescribeVolumes", "iam:ListRoles", "iam:GetRole", "iam:ListUsers", "iam:GetPolicy",
        "s3:ListBuckets", "s3:GetBucketPolicy", "rds:DescribeDBInstances", "rds:DescribeDBClusters", "lambda:ListFunctions20150331", "lambda:GetFunction20150331v2", "logs:DescribeLogGroups", "logs:GetLogEvents",
        "monitoring:GetMetricData", "monitoring:DescribeAlarms", "cloudformation:DescribeStacks", "cloudformation:ListStackResources", "ecs:DescribeServices", "ecs:ListTasks", "eks:DescribeCluster", "dynamodb:DescribeTable",
        "kms:ListAliases", "sqs:GetQueueAttributes", "sns:ListTopics", "route53:ListHostedZones", "elasticloadbalancing:DescribeLoadBalancers", "autoscaling:DescribeAutoScalingGroups", "ecr:DescribeRepositories", "ssm:DescribeParameters",
    ];

    private static readonly string[] Writes =
    [
        "ec2:CreateTags", "ec2:RunInstances", "ec2:TerminateInstances", "ec2:CreateSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "lambda:UpdateFunctionCode20150331v2", "ecs:UpdateService", "ecs:RegisterTaskDefinition",
        "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet", "s3:PutBucketPolicy", "s3:PutBucketTagging", "logs:CreateLogGroup", "monitoring:PutMetricAlarm", "dynamodb:UpdateTable", "sqs:SetQueueAttributes",
        "iam:PutRolePolicy", "iam:CreateRole", "ssm:PutParameter", "secretsmanager:GetSecretValue", "ecr:GetAuthorizationToken", "rds:ModifyDBInstance", "sns:Publish", "route53:ChangeResourceRecordSets",
    ];

    private static readonly string[] Agents = ["aws-cli/2.15.30 Python/3.11", "Boto3/1.34.5 Python/3.12", "APN/1.0 HashiCorp/1.0 Terraform/1.8.0", "console.amazonaws.com", "aws-sdk-go-v2/1.30.0", "aws-sdk-java/2.25.0"];

    private sealed record Principal(int Account, int Number, string Arn, string Identity, List<string> Apis, List<string> Addresses, string Agent, string Region, string? Bucket);

    /// <summary>An attack that must be found.</summary>
    internal sealed record Planted(string Type, string Account, string Principal, int Day);

    public List<Planted> Attacks { get; } = [];
    public List<(string Name, byte[] Bytes)> Objects { get; } = [];

    private readonly Random _random;
    private int _id;

    public SimulatedMonth(int seed)
    {
        _random = new Random(seed);
        var principals = Enumerable.Range(0, Accounts).SelectMany(account => Enumerable.Range(0, PrincipalsPerAccount).Select(number => Make(account, number))).ToList();
        var plans = Plans(principals);
        for (var day = 0; day < Days; day++)
        {
            foreach (var account in principals.GroupBy(principal => principal.Account))
            {
                var records = new List<string>();
                foreach (var principal in account) Live(principal, day, records);
                foreach (var plan in plans.Where(plan => plan.Day == day && plan.Principal.Account == account.Key)) Attack(plan.Type, plan.Principal, day, records);
                Objects.Add(($"{account.Key:00}/{day:00}", Encoding.UTF8.GetBytes($"{{\"Records\":[{string.Join(',', records)}]}}")));
            }
        }
    }

    private Principal Make(int account, int number)
    {
        var id = AccountId(account);
        var office = $"203.0.{100 + account % 20}.{10 + number % 4}";
        // Four in ten are people, three programs that deploy, three applications.
        var (name, addresses, agent) = number switch
        {
            < 8 => ($"user/person-{number}", new List<string> { office, $"198.51.{account}.{number + 1}" }, Agents[number % 4]),
            < 14 => ($"role/deploy-{number}", [$"192.0.2.{account + 1}"], Agents[2 + number % 2]),
            _ => ($"role/app-{number}", [$"54.{10 + account % 40}.{number}.7"], Agents[4 + number % 2]),
        };
        var pool = number < 8 ? Reads.Concat(Writes.Take(12)) : number < 14 ? Reads.Take(20).Concat(Writes) : Reads.Skip(20).Concat(["secretsmanager:GetSecretValue", "sns:Publish"]);
        var apis = pool.OrderBy(_ => _random.Next()).Take(number < 14 ? 8 + _random.Next(12) : 3 + _random.Next(3)).ToList();
        var arn = $"arn:aws:iam::{id}:{name}";
        var identity = name.StartsWith("user/", StringComparison.Ordinal)
            ? $$"""{"type":"IAMUser","principalId":"AIDA{{account:00}}{{number:00}}","arn":"{{arn}}","accountId":"{{id}}","accessKeyId":"AKIA{{account:00}}{{number:00}}","userName":"{{name[5..]}}"}"""
            : $$$$"""{"type":"AssumedRole","principalId":"AROA{{{{account:00}}}}{{{{number:00}}}}:s","arn":"arn:aws:sts::{{{{id}}}}:assumed-role/{{{{name[5..]}}}}/s","accountId":"{{{{id}}}}","accessKeyId":"ASIA{{{{account:00}}}}{{{{number:00}}}}","sessionContext":{"sessionIssuer":{"type":"Role","arn":"{{{{arn}}}}","accountId":"{{{{id}}}}","userName":"{{{{name[5..]}}}}"}}}""";
        return new(account, number, arn, identity, apis, addresses, agent, "eu-central-1", number >= 14 ? $"data-{account}-{number % 3}" : null);
    }

    private static string AccountId(int account) => (100_000_000_000 + account).ToString(CultureInfo.InvariantCulture);

    private void Live(Principal principal, int day, List<string> records)
    {
        var weekend = Begin.AddDays(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        if (principal.Number < 8 && (weekend || _random.Next(10) == 0)) return;
        var calls = principal.Number < 8 ? 3 + _random.Next(6) : 6;
        for (var i = 0; i < calls; i++)
        {
            // Some are called each day, some now and then.
            var api = principal.Apis[Math.Min(_random.Next(principal.Apis.Count), _random.Next(principal.Apis.Count))];
            Call(records, principal, day, Hour(principal), api, principal.Addresses[_random.Next(5) == 0 ? ^1 : 0], principal.Agent, principal.Region, _random.Next(30) == 0 ? "AccessDenied" : null);
        }
        if (principal.Bucket is { } bucket)
        {
            for (var i = 0; i < 5 + _random.Next(5); i++) Data(records, principal, day, Hour(principal), i % 4 == 0 ? "PutObject" : "GetObject", bucket, principal.Addresses[0], principal.Agent);
        }
        if (_random.Next(NewOneIn) == 0) DoSomethingNew(principal, day, records);
    }

    private void DoSomethingNew(Principal principal, int day, List<string> records)
    {
        var (api, address, agent, region) = (principal.Apis[0], principal.Addresses[0], principal.Agent, principal.Region);
        switch (_random.Next(principal.Number < 8 ? 4 : 1))
        {
            case 0: api = (principal.Number < 14 ? Reads.Concat(Writes) : Reads).ElementAt(_random.Next(principal.Number < 14 ? Reads.Length + Writes.Length : Reads.Length)); break;
            case 1: address = $"81.{_random.Next(200)}.{_random.Next(200)}.9"; break;
            case 2: agent = Agents[_random.Next(4)]; break;
            default: region = "us-east-2"; break;
        }
        for (var i = 0; i < 1 + _random.Next(3); i++) Call(records, principal, day, Hour(principal), api, address, agent, region, null);
    }

    private int Hour(Principal principal) => principal.Number < 8 ? 7 + _random.Next(10) : _random.Next(24);

    private static List<(string Type, Principal Principal, int Day)> Plans(List<Principal> principals) =>
    [
        .. Kinds.Select((type, place) => (type, principals[(3 + 3 * place) * PrincipalsPerAccount + (type.Contains(":S3/", StringComparison.Ordinal) ? 15 : 1 + place % 6)], 20 + place % 9)),
    ];

    public static IReadOnlyList<string> Kinds { get; } =
    [
        "CredentialAccess:IAMUser/AnomalousBehavior", "DefenseEvasion:IAMUser/AnomalousBehavior", "Discovery:IAMUser/AnomalousBehavior", "Exfiltration:IAMUser/AnomalousBehavior", "Impact:IAMUser/AnomalousBehavior",
        "InitialAccess:IAMUser/AnomalousBehavior", "Persistence:IAMUser/AnomalousBehavior", "PrivilegeEscalation:IAMUser/AnomalousBehavior",
        "Discovery:S3/AnomalousBehavior", "Exfiltration:S3/AnomalousBehavior", "Impact:S3/AnomalousBehavior.Delete", "Impact:S3/AnomalousBehavior.Permission", "Impact:S3/AnomalousBehavior.Write",
    ];

    /// <summary>A stranger with the principal's key: elsewhere, with another client, and with something in mind.</summary>
    private void Attack(string type, Principal principal, int day, List<string> records)
    {
        Attacks.Add(new(type, AccountId(principal.Account), principal.Arn, day));
        const string Address = "185.220.77.5", Agent = "python-requests/2.31.0";
        string[] apis = type switch
        {
            "CredentialAccess:IAMUser/AnomalousBehavior" => ["secretsmanager:ListSecrets", "secretsmanager:GetSecretValue"],
            "DefenseEvasion:IAMUser/AnomalousBehavior" => ["ec2:DeleteFlowLogs"],
            "Discovery:IAMUser/AnomalousBehavior" => ["sts:GetCallerIdentity", "iam:ListAccessKeys", "iam:ListAttachedUserPolicies", "organizations:DescribeOrganization"],
            "Exfiltration:IAMUser/AnomalousBehavior" => ["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"],
            "Impact:IAMUser/AnomalousBehavior" => ["ec2:RunInstances"],
            "InitialAccess:IAMUser/AnomalousBehavior" => ["ssm:StartSession"],
            "Persistence:IAMUser/AnomalousBehavior" => ["iam:CreateAccessKey"],
            "PrivilegeEscalation:IAMUser/AnomalousBehavior" => ["iam:AttachUserPolicy"],
            _ => [],
        };
        foreach (var api in apis) Call(records, principal, day, 10, api, Address, Agent, principal.Region, null);
        var (operation, times) = type switch
        {
            "Discovery:S3/AnomalousBehavior" => ("ListObjectsV2", 3),
            // From its own place, by its own program: only the amount is new.
            "Exfiltration:S3/AnomalousBehavior" => ("GetObject", 1_500),
            "Impact:S3/AnomalousBehavior.Delete" => ("DeleteObject", 40),
            "Impact:S3/AnomalousBehavior.Permission" => ("PutObjectAcl", 2),
            "Impact:S3/AnomalousBehavior.Write" => ("PutObject", 5),
            _ => ("", 0),
        };
        var isAmount = operation == "GetObject";
        for (var i = 0; i < times; i++) Data(records, principal, day, 10, operation, principal.Bucket!, isAmount ? principal.Addresses[0] : Address, isAmount ? principal.Agent : Agent);
    }

    private void Call(List<string> records, Principal principal, int day, int hour, string api, string address, string agent, string region, string? error)
    {
        var colon = api.IndexOf(':', StringComparison.Ordinal);
        var read = Reads.Contains(api, StringComparer.Ordinal) ? "true" : "false";
        records.Add($$"""{"eventVersion":"1.08","userIdentity":{{principal.Identity}},"eventTime":"{{Time(day, hour)}}","eventSource":"{{api[..colon]}}.amazonaws.com","eventName":"{{api[(colon + 1)..]}}","awsRegion":"{{region}}","sourceIPAddress":"{{address}}","userAgent":"{{agent}}",{{(error is null ? "" : $"\"errorCode\":\"{error}\",")}}"requestParameters":null,"eventID":"{{Id()}}","readOnly":{{read}},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{{AccountId(principal.Account)}}","eventCategory":"Management"}""");
    }

    private void Data(List<string> records, Principal principal, int day, int hour, string operation, string bucket, string address, string agent) =>
        records.Add($$"""{"eventVersion":"1.08","userIdentity":{{principal.Identity}},"eventTime":"{{Time(day, hour)}}","eventSource":"s3.amazonaws.com","eventName":"{{operation}}","awsRegion":"{{principal.Region}}","sourceIPAddress":"{{address}}","userAgent":"[{{agent}}]","requestParameters":{"bucketName":"{{bucket}}","key":"k{{_id}}"},"requestID":"{{Id()}}","eventID":"{{Id()}}","readOnly":true,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"{{AccountId(principal.Account)}}","eventCategory":"Data"}""");

    public static DateTime DateOf(int day) => Begin.AddDays(day);

    private string Time(int day, int hour) => Begin.AddDays(day).AddHours(hour).AddSeconds(_random.Next(3600)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Id() => new Guid(_id++, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1).ToString();
}
