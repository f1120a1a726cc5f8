using Yagura.Simulation.Scenarios;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation.Route53Resolver;

/// <summary>Route 53 Resolver query log files: one JSON object a line.</summary>
internal sealed class Route53ResolverSource(Organization organization) : LogSource(organization)
{
    /// <summary>Names that everything asks for, and long ones of content networks; all under <c>.example</c> or AWS's own.</summary>
    private static readonly Template[] Names =
    [
        "sts.<region>.amazonaws.com", "s3.<region>.amazonaws.com", "ssm.<region>.amazonaws.com", "ec2messages.<region>.amazonaws.com",
        "logs.<region>.amazonaws.com", "monitoring.<region>.amazonaws.com", "<bucket>.s3.<region>.amazonaws.com", "secretsmanager.<region>.amazonaws.com",
        "<thing>.<stage>.corp.example", "api.<thing>.example", "www.<thing>.example", "packages.mirror.example", "registry.container.example",
        "telemetry.vendor.example", "time.pool.example", "<thing>-<stage>.cluster-<hex17>.<region>.rds.amazonaws.com", "d<hex17>.cdn-edge.example",
        "e<number>.dscb.<thing>.static-content.edge-network.example", "<hex17>.<thing>.assets.images.content-delivery.example",
    ];

    private static readonly string[] Types = ["A", "A", "A", "A", "A", "A", "AAAA", "AAAA", "HTTPS", "TXT"];

    public override int MeanBytes => 397;

    public override string PathOf(Account account, Region region, long time, ref SplitMix64 random)
    {
        var hash = random.Next();
        return $"{Root(account)}/vpcdnsquerylogs/{region.VpcId}/{Day(time)}/{region.VpcId}_vpcdnsquerylogs_{account.Id}_{Minute(time)}_{(uint)hash:x8}.log.gz";
    }

    public override void Background(Utf8Buffer buffer, Scene scene)
    {
        ref var random = ref scene.Random;
        var instance = scene.AnyInstance();
        if (instance.Region != scene.Region) instance = scene.Account.Instances[scene.Region.Index];
        Start(buffer, scene, instance);
        switch (random.Below(100))
        {
            case < 4: // who is this address?
                buffer.Number(10 + random.Below(200));
                buffer.Add("."u8);
                buffer.Number(random.Below(8));
                buffer.Add(".16.10.in-addr.arpa.\",\"query_type\":\"PTR"u8);
                Rest(buffer, scene, instance, "NXDOMAIN"u8, null, null, blocked: false);
                break;
            case < 14: // the search list of the resolver makes names that nobody has
                Names[random.Skewed(Names.Length)].Write(buffer, scene);
                buffer.Add(random.OneIn(2) ? ".ec2.internal.\",\"query_type\":\"A"u8 : ".corp.example.\",\"query_type\":\"A"u8);
                Rest(buffer, scene, instance, "NXDOMAIN"u8, null, null, blocked: false);
                break;
            default:
                Names[random.Skewed(Names.Length)].Write(buffer, scene);
                var type = Types[random.Below(Types.Length)];
                buffer.Add(".\",\"query_type\":\""u8);
                buffer.Add(type);
                var answer = type switch
                {
                    "A" => Internet.Text(Internet.Site(random.Skewed(500))),
                    "AAAA" when random.OneIn(2) => $"2001:db8:{random.Below(65536):x}::{random.Below(65536):x}",
                    _ => null,
                };
                Rest(buffer, scene, instance, "NOERROR"u8, answer, type, blocked: false);
                break;
        }
    }

    public override void Planted(Utf8Buffer buffer, Scene scene, Act act)
    {
        var query = (DnsAct)act;
        Start(buffer, scene, query.Instance);
        buffer.Add(query.QueryName);
        buffer.Add(".\",\"query_type\":\""u8);
        buffer.Add(query.Type);
        Rest(buffer, scene, query.Instance, query.Answer is null ? "NXDOMAIN"u8 : "NOERROR"u8, query.Answer, query.Type, query.Blocked);
    }

    private static void Start(Utf8Buffer buffer, Scene scene, Instance instance)
    {
        buffer.Add("{\"version\":\"1.100000\",\"account_id\":\""u8);
        buffer.Add(scene.Account.IdBytes);
        buffer.Add("\",\"region\":\""u8);
        buffer.Add(scene.Region.NameBytes);
        buffer.Add("\",\"vpc_id\":\""u8);
        buffer.Add(instance.Region.VpcId);
        buffer.Add("\",\"query_timestamp\":\""u8);
        buffer.Iso(scene.Time);
        buffer.Add("\",\"query_name\":\""u8);
    }

    private static void Rest(Utf8Buffer buffer, Scene scene, Instance instance, ReadOnlySpan<byte> code, string? answer, string? type, bool blocked)
    {
        buffer.Add("\",\"query_class\":\"IN\",\"rcode\":\""u8);
        buffer.Add(code);
        buffer.Add("\",\"answers\":["u8);
        if (answer is not null && !blocked)
        {
            buffer.Add("{\"Rdata\":\""u8);
            buffer.Add(answer);
            buffer.Add("\",\"Type\":\""u8);
            buffer.Add(type!);
            buffer.Add("\",\"Class\":\"IN\"}"u8);
        }
        buffer.Add("],\"srcaddr\":\""u8);
        buffer.Address(instance.PrivateAddress);
        buffer.Add("\",\"srcport\":\""u8);
        buffer.Number(32768 + scene.Random.Below(28232));
        buffer.Add("\",\"transport\":\"UDP\",\"srcids\":{\"instance\":\""u8);
        buffer.Add(instance.IdBytes);
        buffer.Add("\"}"u8);
        if (blocked) buffer.Add(",\"firewall_rule_action\":\"BLOCK\",\"firewall_rule_group_id\":\"rslvr-frg-01234567890abcdef\",\"firewall_domain_list_id\":\"rslvr-fdl-01234567890abcdef\""u8);
        buffer.Add((byte)'}');
    }
}
