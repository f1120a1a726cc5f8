using System.Text;
using Parquet;
using Parquet.Schema;

namespace Yagura.Fuzz.Tests;

/// <summary>Good input written by hand, for readers of what the simulator does not make.</summary>
internal static class Written
{
    private const string Event =
        """{"eventVersion":"1.11","userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"},"eventTime":"2026-02-01T09:30:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.1","requestParameters":{"bucketName":"b","bucketPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}},"responseElements":null,"eventID":"11111111-2222-3333-4444-555555555555","recipientAccountId":"111122223333"}""";

    private const string Flow = "2 111122223333 eni-0123456789abcdef0 10.0.0.5 198.51.100.7 40000 443 6 10 840 1770000000 1770000060 ACCEPT OK";

    public static byte[][] Envelopes { get; } = Bytes(
        $$"""[{{Event}},{{Event}}]""", $"{Event}\n{Event}\n", $$"""{"Events":[{"EventId":"1","CloudTrailEvent":{{Quoted(Event)}}}]}""",
        $$"""{"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","account":"111122223333","detail":{{Event}}}""",
        $$"""{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"trail","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1770000000000,"message":{{Quoted(Event)}}},{"id":"2","timestamp":1770000000000,"message":"{{Flow}}"}]}""",
        $"version account-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags flow-direction start end action log-status\n5 111122223333 eni-1 10.0.0.5 198.51.100.7 - - 1 2 6 3 egress 1770000000 1770000060 ACCEPT OK\n{Flow}\n");

    public static byte[][] Lists { get; } = Bytes(
        "# comment\n192.0.2.1\n198.51.100.0/24 ; SBL1\n203.0.113.10-203.0.113.12\n[2001:db8::2]:443\n*.wild.example\npool.example:3333 # a pool\nhttps://web.example:8443/\n",
        "0.0.0.0 pool.example www.pool.example # mining\n",
        """<?xml version="1.0"?><stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:AddressObj="urn:a"><stix:Observables><cybox:Observable><cybox:Object><cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr"><AddressObj:Address_Value condition="Equals">192.0.2.1##comma##198.51.100.9</AddressObj:Address_Value></cybox:Properties></cybox:Object></cybox:Observable></stix:Observables></stix:STIX_Package>""",
        "Indicator type,Indicator,Description\nIPv4,192.0.2.1,\"a, b\"\nCIDR,198.51.100.0/24,\nhostname,c2.example,x\n",
        "192.0.2.1#4#2#Malicious Host#US##34.05,-118.24#3\n", "ip, category, score, first_seen, last_seen, ports (optional)\n192.0.2.1, 1, 100, 2026-01-01, 2026-01-02, 80\n",
        "reportId,title,ip,cidr,domain,sha256\n1,\"t\",192.0.2.1,198.51.100.0/24,c2.example,\n");

    public static byte[] Locations { get; } = Encoding.UTF8.GetBytes("192.0.2.0,192.0.2.255,JP\n198.51.100.0/24,64496,\"Example, Transit\"\n2001:db8::,2001:db8::ffff,US\n");

    public static byte[] Suffixes { get; } = Encoding.UTF8.GetBytes("// ===BEGIN ICANN DOMAINS===\nexample\n*.ck\n!www.ck\nco.jp\n// ===END ICANN DOMAINS===\n食狮.example\n");

    public static byte[][] Criteria { get; } = Bytes(
        """{"criterion":{"type":{"equals":["Recon:EC2/Portscan"],"notEquals":["a*b?"]},"severity":{"greaterThanOrEqual":4},"service.archived":{"equals":["false"]},"updatedAt":{"lessThan":1770000000000}}}""",
        """{"criterion":{"resource.instanceDetails.instanceId":{"matches":["i-*"]},"accountId":{"notMatches":["1*"]}}}""");

    public static byte[][] Patterns { get; } = Bytes(
        """{"source":["aws.guardduty"],"detail":{"severity":[{"numeric":[">=",7,"<",9.5]}],"type":[{"prefix":"Recon:"},{"suffix":{"equals-ignore-case":"ß"}},{"wildcard":"a\\*b*c"}]}}""",
        """{"$or":[{"a":["x",1,null,true]},{"b.c":[{"exists":false}],"$or":[{"d":[{"anything-but":["e","f"]}]},{"g":[{"anything-but":{"wildcard":["*h","i*"]}}]}]}]}""",
        """{"detail":{"tags":{"key":["env"],"value":[{"anything-but":{"prefix":"p"}},{"cidr":"10.0.0.0/8"},{"equals-ignore-case":"é"},9007199254740993]},"a":["10.0.0.1","::1"]}}""");

    public static byte[][] Events { get; } = Bytes(
        """{"source":"aws.guardduty","detail":{"severity":8.10,"type":"Recon:EC2/Portscan","tags":[{"key":"env","value":"prod"},{"key":["x","env"],"value":[1,"10.1.2.3"]}],"a":["010.0.0.1",[["0::1"]]]}}""",
        """{ "a" : [null, true, 1.0, "x\u0041\ud83d\ude00"], "b.c":{}, "b":[{"c":1e400},{"c":-0}], "d":{"e":[[],{}]}, "g":"\"h\\" }""",
        """{"detail":{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!","tags":{"key":"É","value":9007199254740993}}}""");

    public static byte[][] Suppressions { get; } = Bytes(
        """{"rules":[{"name":"bastion","reason":"known","owner":"a@mail.example","expires":"2027-01-01T00:00:00Z","criteria":{"criterion":{"type":{"equals":["Recon:EC2/Portscan"]}}}}]}""",
        """{"FindingCriteria":{"Criterion":{"type":{"Eq":["Recon:EC2/Portscan"]}}},"Name":"a","Action":"ARCHIVE"}""");

    public static byte[][] Inventories { get; } = Bytes(
        """{"Reservations":[{"Instances":[{"InstanceId":"i-1","NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","PrivateIpAddress":"10.0.0.5","Ipv6Addresses":[{"Ipv6Address":"2001:db8::5"}]}]}]}]} [{"InstanceId":"i-2","LaunchTime":"2026-01-01T00:00:00+00:00"}]""");

    /// <summary>One flow record as Parquet.</summary>
    public static byte[] Parquet()
    {
        DataField[] fields =
        [
            new DataField<int>("version"), new DataField<string>("account_id", false), new DataField<string>("interface_id", false), new DataField<string>("srcaddr", false),
            new DataField<string>("dstaddr", false), new DataField<int>("srcport"), new DataField<int>("dstport"), new DataField<int>("protocol"), new DataField<long>("packets"),
            new DataField<long>("bytes"), new DataField<long>("start"), new DataField<long>("end"), new DataField<string>("action", false), new DataField<string>("log_status", false),
        ];
        using var bytes = new MemoryStream();
        Write().GetAwaiter().GetResult();
        return bytes.ToArray();

        async Task Write()
        {
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), bytes);
            using var group = writer.CreateRowGroup();
            foreach (var (field, value) in fields.Zip(Flow.Split(' ')))
            {
                if (field.ClrType == typeof(int)) await group.WriteAsync<int>(field, new[] { int.Parse(value) });
                else if (field.ClrType == typeof(long)) await group.WriteAsync<long>(field, new[] { long.Parse(value) });
                else await group.WriteAsync(field, new[] { value });
            }
            group.CompleteValidate();
        }
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
