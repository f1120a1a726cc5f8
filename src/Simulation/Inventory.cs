using System.Text;
using System.Text.Json;
using Yagura.Simulation.World;

namespace Yagura.Simulation;

/// <summary>What is known of the accounts and of AWS from elsewhere than the logs.</summary>
internal static class Inventory
{
    /// <summary>All instances, in the shape of <c>aws ec2 describe-instances</c>: one reservation each.</summary>
    public static string Instances(Organization organization) => Json(json =>
    {
        json.WriteStartArray("Reservations");
        foreach (var account in organization.Accounts)
        {
            foreach (var principal in account.Principals)
            {
                if (principal.Instance is not { } instance) continue;
                json.WriteStartObject();
                json.WriteString("OwnerId", account.Id);
                json.WriteString("ReservationId", "r-" + instance.Id[2..]);
                json.WriteStartArray("Instances");
                Instance(json, account, principal, instance);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    });

    private static void Instance(Utf8JsonWriter json, Account account, Principal principal, Instance instance)
    {
        var address = Internet.Text(instance.PrivateAddress);
        json.WriteStartObject();
        json.WriteString("InstanceId", instance.Id);
        json.WriteString("ImageId", "ami-0123456789abcdef0");
        json.WriteString("InstanceType", "m6i.large");
        json.WriteString("LaunchTime", "2026-08-20T08:00:00+00:00");
        json.WriteStartObject("Placement");
        json.WriteString("AvailabilityZone", instance.Region.Name + "a");
        json.WriteEndObject();
        json.WriteStartObject("State");
        json.WriteNumber("Code", 16);
        json.WriteString("Name", "running");
        json.WriteEndObject();
        json.WriteString("VpcId", instance.Region.VpcId);
        json.WriteString("SubnetId", instance.Region.SubnetId);
        json.WriteString("PrivateIpAddress", address);
        if (instance.PublicAddress is { } own) json.WriteString("PublicIpAddress", Internet.Text(own));
        json.WriteStartObject("IamInstanceProfile");
        json.WriteString("Arn", $"arn:aws:iam::{account.Id}:instance-profile/{principal.Name}");
        json.WriteString("Id", "AIPA" + instance.Id[3..].ToUpperInvariant());
        json.WriteEndObject();
        json.WriteStartArray("NetworkInterfaces");
        json.WriteStartObject();
        json.WriteString("NetworkInterfaceId", instance.InterfaceId);
        json.WriteString("PrivateIpAddress", address);
        json.WriteString("VpcId", instance.Region.VpcId);
        json.WriteString("SubnetId", instance.Region.SubnetId);
        json.WriteStartArray("Groups");
        json.WriteStartObject();
        json.WriteString("GroupId", instance.Region.SecurityGroupId);
        json.WriteString("GroupName", "web");
        json.WriteEndObject();
        json.WriteEndArray();
        if (instance.PublicAddress is { } elastic)
        {
            json.WriteStartObject("Association");
            json.WriteString("PublicIp", Internet.Text(elastic));
            json.WriteString("IpOwnerId", account.Id);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("Tags");
        json.WriteStartObject();
        json.WriteString("Key", "Name");
        json.WriteString("Value", principal.Name);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>In the shape of AWS's ip-ranges.json, with the simulated internet's ranges.</summary>
    public static string AwsRanges(Organization organization) => Json(json =>
    {
        json.WriteString("syncToken", "1788220800");
        json.WriteString("createDate", "2026-09-01-00-00-00");
        json.WriteStartArray("prefixes");
        for (var region = 0; region < organization.Profile.Regions; region++)
        {
            foreach (var service in new[] { "AMAZON", "EC2" })
            {
                json.WriteStartObject();
                json.WriteString("ip_prefix", $"{Internet.Text(Internet.Aws(region, 0))}/16");
                json.WriteString("region", Names.Regions[region]);
                json.WriteString("service", service);
                json.WriteString("network_border_group", Names.Regions[region]);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
        json.WriteStartArray("ipv6_prefixes");
        json.WriteEndArray();
    });

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }
}
