using System.Globalization;
using System.Text.Json;
using Yagura.Core.Findings;

namespace Yagura.Detectors;

/// <summary>Reads an instance as EC2 describes it: in the command line's spelling (<c>InstanceId</c>) or CloudTrail's (<c>instanceId</c>, lists
/// wrapped in <c>items</c>). What is absent or of another type stays null.</summary>
internal static class InstanceReader
{
    public enum Casing { Pascal, Camel }

    public static InstanceDetails Read(JsonElement instance, Casing casing)
    {
        var e = new Node(instance, casing);
        return new InstanceDetails
        {
            InstanceId = e.Text("InstanceId"),
            InstanceType = e.Text("InstanceType"),
            LaunchTime = e.Time("LaunchTime"),
            Platform = e.Text("Platform"),
            InstanceState = e.Child(casing == Casing.Camel ? "InstanceState" : "State").Text("Name"),
            AvailabilityZone = e.Child("Placement").Text("AvailabilityZone"),
            ImageId = e.Text("ImageId"),
            OutpostArn = e.Text("OutpostArn"),
            IamInstanceProfile = e.Child("IamInstanceProfile") is { IsObject: true } profile ? new(profile.Text("Arn"), profile.Text("Id")) : null,
            ProductCodes = [.. e.List("ProductCodes", "productCodesSet").Select(c => new ProductCode(c.Text("ProductCodeId"), c.Text("ProductCodeType")))],
            Tags = [.. e.List("Tags", "tagSet").Select(t => new Tag(t.Text("Key") ?? "", t.Text("Value") ?? ""))],
            NetworkInterfaces = [.. e.List("NetworkInterfaces", "networkInterfaceSet").Select(ReadInterface)],
        };
    }

    private static NetworkInterface ReadInterface(Node n) => new()
    {
        NetworkInterfaceId = n.Text("NetworkInterfaceId"),
        PrivateIpAddress = n.Text("PrivateIpAddress"),
        PrivateDnsName = n.Text("PrivateDnsName"),
        PrivateIpAddresses = [.. n.List("PrivateIpAddresses", "privateIpAddressesSet").Select(a => new PrivateIpAddress(a.Text("PrivateDnsName"), a.Text("PrivateIpAddress")))],
        PublicIp = n.Child("Association").Text("PublicIp"),
        PublicDnsName = n.Child("Association").Text("PublicDnsName"),
        Ipv6Addresses = [.. n.List("Ipv6Addresses", "ipv6AddressesSet").Select(a => a.Text("Ipv6Address")).OfType<string>()],
        SubnetId = n.Text("SubnetId"),
        VpcId = n.Text("VpcId"),
        SecurityGroups = [.. n.List("Groups", "groupSet").Select(g => new SecurityGroup(g.Text("GroupId"), g.Text("GroupName")))],
    };

    private readonly struct Node(JsonElement element, Casing casing)
    {
        public bool IsObject => element.ValueKind == JsonValueKind.Object;

        private string Spell(string name) => casing == Casing.Camel ? char.ToLowerInvariant(name[0]) + name[1..] : name;

        public Node Child(string name) => new(element.Child(Spell(name)), casing);

        public string? Text(string name) => element.Text(Spell(name));

        /// <summary>An ISO time, or in CloudTrail milliseconds since 1970.</summary>
        public DateTimeOffset? Time(string name)
        {
            var time = element.Child(Spell(name));
            if (time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000)
                return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            return DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;
        }

        /// <summary>A list, or CloudTrail's <c>{"items":[…]}</c> under its own name.</summary>
        public IEnumerable<Node> List(string pascal, string cloudTrail)
        {
            var list = element.Child(casing == Casing.Camel ? cloudTrail : pascal);
            if (list.ValueKind == JsonValueKind.Object) list = list.Child("items");
            var spelling = casing;
            return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(item => new Node(item, spelling)) : [];
        }
    }
}
