using System.Globalization;
using System.Text;

namespace Yagura.Bench.Match;

/// <summary>CloudTrail events of an invented organisation, and as many rules on them as are wanted.</summary>
internal static class Trails
{
    private static readonly string[] Services = ["s3", "ec2", "iam", "sts", "kms", "lambda", "dynamodb", "logs", "monitoring", "rds", "sqs", "sns", "ecs", "eks", "secretsmanager", "ssm", "cloudtrail", "config", "guardduty", "route53"];
    private static readonly string[] Verbs = ["Get", "List", "Describe", "Put", "Create", "Delete", "Update", "Attach", "Detach", "Start", "Stop", "Tag"];
    private static readonly string[] Nouns = ["Object", "Bucket", "Instances", "Role", "User", "Key", "Function", "Table", "LogStreams", "Metrics", "DBInstances", "Queue", "Topic", "Policy", "Secret", "Parameter", "Trail", "Rule", "Zone"];
    private static readonly string[] Regions = ["us-east-1", "eu-west-1", "ap-northeast-1", "us-west-2", "eu-central-1", "ap-southeast-1"];
    private static readonly string[] Agents =
    [
        "aws-cli/2.17.9 md/awscrt#0.20.11 exec-env/EC2", "Boto3/1.34.11 md/Botocore#1.34.11 ua/2.0 os/linux#5.10 lang/python#3.11.6", "aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5",
        "APN/1.0 HashiCorp/1.0 Terraform/1.5.1", "console.amazonaws.com", "aws-internal/3 aws-sdk-java/1.12.683 Linux/5.10 OpenJDK",
    ];

    private static string Name(SplitMix chance) => Verbs[chance.Skewed(Verbs.Length)] + Nouns[chance.Skewed(Nouns.Length)];

    private static string Service(SplitMix chance) => Services[chance.Skewed(Services.Length)];

    private static string Address(SplitMix chance) => $"198.51.{100 + chance.Below(4)}.{chance.Below(256)}";

    public static IEnumerable<string> Events(int count)
    {
        var chance = new SplitMix(11);
        for (var i = 0; i < count; i++) yield return Event(chance, i);
    }

    private static string Event(SplitMix chance, int number)
    {
        var (a, b) = (chance.Next(), chance.Next());
        var time = DateTimeOffset.UnixEpoch.AddSeconds(1_769_900_000 + number / 20).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var (role, account, region) = (chance.Skewed(2000), 111_122_223_000 + chance.Below(50), chance.Of(Regions));
        var text = new StringBuilder("{\"eventVersion\":\"1.08\",\"userIdentity\":{");
        if (chance.Below(4) > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"type\":\"AssumedRole\",\"principalId\":\"AROA{role:D16}:worker-{b % 90}\",\"arn\":\"arn:aws:sts::{account}:assumed-role/role-{role}/worker-{b % 90}\",\"accountId\":\"{account}\",\"accessKeyId\":\"ASIA{b % 1_000_000_000:D16}\",\"sessionContext\":{{\"sessionIssuer\":{{\"type\":\"Role\",\"principalId\":\"AROA{role:D16}\",\"arn\":\"arn:aws:iam::{account}:role/role-{role}\",\"accountId\":\"{account}\",\"userName\":\"role-{role}\"}},\"webIdFederationData\":{{}},\"attributes\":{{\"creationDate\":\"{time}\",\"mfaAuthenticated\":\"false\"}}}}}}");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"\"type\":\"IAMUser\",\"principalId\":\"AIDA{role:D16}\",\"arn\":\"arn:aws:iam::{account}:user/user-{role}\",\"accountId\":\"{account}\",\"accessKeyId\":\"AKIA{role:D16}\",\"userName\":\"user-{role}\"}}");
        }
        var service = Service(chance);
        text.Append(CultureInfo.InvariantCulture, $",\"eventTime\":\"{time}\",\"eventSource\":\"{service}.amazonaws.com\",\"eventName\":\"{Name(chance)}\",\"awsRegion\":\"{region}\",\"sourceIPAddress\":\"{Address(chance)}\",\"userAgent\":\"{chance.Of(Agents)}\",");
        if (chance.Below(10) == 0) text.Append("\"errorCode\":\"AccessDenied\",\"errorMessage\":\"not authorized to perform this action\",");
        text.Append(CultureInfo.InvariantCulture, $"\"requestParameters\":{{\"bucketName\":\"bucket-{a % 400}\",\"key\":\"data/2026/{b % 100000}.parquet\",\"maxResults\":{a % 1000}}},\"responseElements\":null,");
        text.Append(CultureInfo.InvariantCulture, $"\"requestID\":\"{a:x8}-0000-4000-8000-{b & 0xFFFFFFFFFFFF:x12}\",\"eventID\":\"{b:x8}-0000-4000-8000-{a & 0xFFFFFFFFFFFF:x12}\",\"readOnly\":{(b % 3 == 0 ? "false" : "true")},");
        if (chance.Below(3) == 0) text.Append(CultureInfo.InvariantCulture, $"\"resources\":[{{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::bucket-{a % 400}/data/{b % 100000}\"}},{{\"accountId\":\"{account}\",\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::bucket-{a % 400}\"}}],");
        text.Append(CultureInfo.InvariantCulture, $"\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"{account}\",\"eventCategory\":\"Management\",\"tlsDetails\":{{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\"{service}.{region}.amazonaws.com\"}}}}");
        return text.ToString();
    }

    /// <summary>Rules of five shapes in turn, with values that the events have, common ones more often.</summary>
    public static IEnumerable<string> Patterns(int count)
    {
        var chance = new SplitMix(13);
        for (var i = 0; i < count; i++)
        {
            yield return (i % 5) switch
            {
                0 => $"{{\"eventSource\":[\"{Service(chance)}.amazonaws.com\"],\"eventName\":[\"{Name(chance)}\",\"{Name(chance)}\"],\"requestParameters\":{{\"bucketName\":[\"bucket-{chance.Below(400)}\",{{\"prefix\":\"bucket-{chance.Below(40)}\"}}]}}}}",
                1 => $"{{\"eventName\":[{{\"prefix\":\"{Verbs[chance.Skewed(Verbs.Length)]}\"}}],\"userIdentity\":{{\"arn\":[{{\"prefix\":\"arn:aws:sts::{111_122_223_000 + chance.Below(50)}:assumed-role/role-{chance.Skewed(2000)}\"}}]}}}}",
                2 => $"{{\"eventName\":[\"{Name(chance)}\"],\"awsRegion\":[{{\"anything-but\":[\"{chance.Of(Regions)}\"]}}],\"errorCode\":[{{\"exists\":{(chance.Below(2) == 0 ? "true" : "false")}}}],\"recipientAccountId\":[\"{111_122_223_000 + chance.Below(50)}\"]}}",
                3 => $"{{\"eventName\":[{{\"suffix\":\"{Nouns[chance.Skewed(Nouns.Length)]}\"}}],\"sourceIPAddress\":[{{\"cidr\":\"{Address(chance)}/{24 + chance.Below(8)}\"}}],\"readOnly\":[false]}}",
                _ => $"{{\"eventSource\":[\"{Service(chance)}.amazonaws.com\"],\"userAgent\":[{{\"wildcard\":\"*{chance.Of((string[])["Boto3", "aws-cli", "Terraform", "aws-sdk-go", "OpenJDK"])}*\"}}],\"userIdentity\":{{\"sessionContext\":{{\"sessionIssuer\":{{\"userName\":[\"role-{chance.Skewed(2000)}\"]}}}}}}}}",
            };
        }
    }
}
