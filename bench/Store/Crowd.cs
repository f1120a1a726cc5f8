using System.Globalization;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Bench.Store;

/// <summary>Findings as an organization of 200 accounts in 5 regions might have them; the same ones in every run.</summary>
internal static class Crowd
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CatalogEntry[] Types = [.. FindingTypeCatalog.All.Where(entry => entry.Group is "EC2" or "IAM" or "S3")];
    private static readonly string[] Regions = ["eu-west-1", "us-east-1", "us-west-2", "ap-northeast-1", "eu-central-1"];
    private static readonly (string Name, string Code)[] Countries = [("Japan", "JP"), ("Germany", "DE"), ("Brazil", "BR"), ("Kenya", "KE"), ("Canada", "CA"), ("Norway", "NO")];
    private static readonly string[] Apis = ["GetObject", "PutBucketPolicy", "CreateUser", "RunInstances", "GetSecretValue", "StopLogging", "AssumeRole", "ListBuckets"];
    private static readonly double[] Severities = [2, 2, 5, 5, 5, 8];

    public static Finding Finding(int number)
    {
        var random = new SplitMix((ulong)number);
        int Below(int bound) => (int)(random.Next() % (ulong)bound);
        var entry = Types[Below(Types.Length)];
        var account = (100_000_000_000 + Below(200) * 7_919L).ToString(CultureInfo.InvariantCulture);
        var time = Start.AddSeconds(number * 7.5 + Below(3600));
        var remote = new RemoteIp(IpAddress.FromV4((uint)(0xC633_6400 + Below(50_000) * 13)))
        {
            CountryName = Countries[Below(6)].Name, CountryCode = Countries[Below(6)].Code, CityName = $"City {Below(300)}", Latitude = Below(180) - 90, Longitude = Below(360) - 180,
            Asn = 64_496 + Below(900), AsnOrganization = $"Example Network {Below(900)}", Isp = $"Example ISP {Below(400)}", Organization = $"Example Org {Below(400)}",
        };
        var key = new AccessKeyDetails($"AKIA{Below(100_000):00000000}EXAMPLE", $"AIDA{Below(20_000):000000}", $"user-{Below(20_000)}", "IAMUser");
        var isInstance = entry.Group == "EC2";
        var instance = new InstanceDetails
        {
            InstanceId = $"i-0{Below(200_000):x16}", InstanceType = "t3.micro", LaunchTime = Start.AddHours(-Below(9_000)), InstanceState = "running", AvailabilityZone = "eu-west-1a", ImageId = $"ami-0{Below(500):x16}",
            Tags = [new("Name", $"web-{Below(5_000)}"), new("stage", Below(4) == 0 ? "test" : "production")],
            NetworkInterfaces =
            [
                new()
                {
                    NetworkInterfaceId = $"eni-0{Below(200_000):x16}", PrivateIpAddress = $"10.0.{Below(256)}.{Below(256)}", PrivateIpAddresses = [new(null, $"10.0.{Below(256)}.{Below(256)}")],
                    SubnetId = $"subnet-{Below(900)}", VpcId = $"vpc-{Below(300)}", SecurityGroups = [new($"sg-{Below(2_000)}", "web")],
                },
            ],
        };
        var resource = isInstance ? new Resource(ResourceType.Instance) { InstanceDetails = instance }
            : entry.Group == "S3" ? new(ResourceType.S3Bucket) { AccessKeyDetails = key, S3BucketDetails = [new($"bucket-{Below(10_000)}") { OwnerId = "owner", CreatedAt = Start.AddDays(-Below(900)) }] }
            : new(ResourceType.AccessKey) { AccessKeyDetails = key };
        FindingAction action = isInstance
            ? new NetworkConnectionAction(ConnectionDirection.Outbound, "TCP", false, 40_000 + Below(9_000), Below(3) == 0 ? 22 : Below(10_000), IpAddress.FromV4(0x0A00_0005), remote)
            : new AwsApiCallAction(Apis[Below(8)], "s3.amazonaws.com", "Remote IP", remote) { UserAgent = $"aws-cli/2.{Below(40)} Python/3.{Below(14)}", ErrorCode = Below(4) == 0 ? "AccessDenied" : null };
        var id = $"{random.Next():x16}{random.Next():x16}";
        return new(
            account, Regions[Below(5)], id, entry.Type, Severities[Below(6)], $"The resource of account {account} did what it should not, {number}.", $"A description of some length, as findings have it, with the number {number} in it.",
            resource,
            new("fedcba9876543210fedcba9876543210", action, isInstance ? ResourceRole.Actor : ResourceRole.Target, Below(3) == 0 ? [new($"list-{Below(20)}.txt", ["threat"])] : [],
                [new("threatListName", $"list-{Below(20)}.txt")], time, time.AddMinutes(Below(600)), 1 + Below(50), Below(5) == 0),
            time, time.AddMinutes(Below(900)),
            new("one line that says why", [new("s3://example-logs/AWSLogs/1.json.gz", 1 + Below(9_000), time, id, "a record")], false, "0.1.0", "c0ffee", null));
    }

    /// <summary>The same finding with one more occurrence.</summary>
    public static Finding Again(Finding finding) => finding with
    {
        UpdatedAt = finding.UpdatedAt.AddMinutes(1),
        Service = finding.Service with { Count = finding.Service.Count + 1, EventLastSeen = finding.Service.EventLastSeen.AddMinutes(1) },
    };

    private struct SplitMix(ulong state)
    {
        private ulong _state = state;

        public ulong Next()
        {
            var z = _state += 0x9E37_79B9_7F4A_7C15;
            z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB;
            return z ^ z >> 31;
        }
    }
}
