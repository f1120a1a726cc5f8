using System.Text;
using System.Text.Json.Nodes;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Reading;
using Yagura.Logs;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>Logs that others recorded, through a whole scan: every record is accounted for, and what must be found is, and nothing else.</summary>
public sealed class RealLogTests
{
    private static ILogObjects Lines(string name, IEnumerable<string> lines) => new MemoryObjects([(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"))]);

    /// <param name="skipped">Well-formed, with nothing to analyse.</param>
    private static void Accounts(ScanReport report, long records, long analysed, long quarantined, long skipped)
    {
        Assert.Equal(records, analysed + quarantined + skipped);
        Assert.Equal((analysed, quarantined, skipped),
            (report.Records.Sum(r => r.Analysed), report.Records.Sum(r => r.Quarantined), report.Records.Sum(r => r.Skipped.Values.Sum())));
        Assert.Empty(report.Failures);
        Assert.Empty(report.DetectorFailures);
    }

    [Fact]
    public async Task Detonations_in_bare_arrays_are_all_analysed_and_the_switched_off_trail_is_found()
    {
        var files = Directory.EnumerateFiles(RealLogs.Path("cloudtrail-detonations"), "aws.*.json.gz").ToList();
        var report = await Scans.Run(new LocalObjects(files), Knowledge.Nothing);
        Assert.Equal(18, files.Count);
        Accounts(report, records: 142, analysed: 142, quarantined: 0, skipped: 0);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("Stealth:IAMUser/CloudTrailLoggingDisabled", "958312252124", 1L), (finding.Type.Name, finding.AccountId, finding.Service.Count));
    }

    [Fact]
    public async Task Calls_on_a_public_bucket_are_found_where_a_list_names_the_caller_and_nowhere_else()
    {
        var calls = HoneyBucket.Records();
        Assert.Equal(301, calls.Count);
        // The writers first, since they are few, then the busiest.
        var listed = calls.GroupBy(call => call.Address, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count(call => call.Name == "PutObject")).ThenByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(10).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        var report = await Scans.Run(Lines("honeybucket.jsonl", calls.Select(call => call.Json)), Scans.Listing("malicious-test.txt", listed));

        Accounts(report, records: 301, analysed: 301, quarantined: 0, skipped: 0);
        var expected = calls.Where(call => listed.Contains(call.Address))
            .GroupBy(call => (Type: call.Name == "PutObject" ? "Impact:S3/MaliciousIPCaller" : "Discovery:S3/MaliciousIPCaller", call.Caller))
            .Select(group => (group.Key.Type, group.Key.Caller, Count: (long)group.Count(), First: group.Min(call => call.Time), Last: group.Max(call => call.Time)));
        // Strangers to the bucket are also out of the usual now and then; every call of this log is unwanted.
        Assert.All(report.Findings.Where(f => f.Explanation.Anomaly is not null), f => Assert.Equal("Discovery:S3/AnomalousBehavior", f.Type.Name));
        var listedCallers = report.Findings.Where(f => f.Explanation.Anomaly is null).ToList();
        var found = listedCallers.Select(f => (f.Type.Name, Caller: f.Resource.AccessKeyDetails?.PrincipalId ?? "", f.Service.Count, f.Service.EventFirstSeen, f.Service.EventLastSeen));
        Assert.Equal(expected.Order(), found.Order());
        Assert.All(report.Findings, f => Assert.Equal("microsoft-devtest", Assert.Single(f.Resource.S3BucketDetails).Name));
        Assert.All(listedCallers.SelectMany(f => f.Explanation.Evidence), e => Assert.Contains(listed, address => e.Summary.Contains(address, StringComparison.Ordinal)));

        Assert.DoesNotContain((await Scans.Run(Lines("honeybucket.jsonl", calls.Select(call => call.Json)), Knowledge.Nothing)).Findings, f => f.Explanation.Anomaly is null);
    }

    [Theory]
    [InlineData("dns-tunnel/dns2tcp/2018-03-23-11-08-11.csv.gz", 9_070, 9_070)]
    [InlineData("dns-tunnel/iodine/names.csv.gz", 6_119, 6_115)] // four are look-ups of software mirrors
    [InlineData("dns-tunnel/plain/2018-03-19-19-34-33.csv.gz", 17_279, 0)]
    public async Task Queries_of_a_tunnel_are_counted_under_its_listed_domain_and_plain_ones_stay_quiet(string file, int queries, int found)
    {
        var records = ResolverRecords(Encoding.UTF8.GetString(RealLogs.Read(file))).ToList();
        Assert.Equal(queries, records.Count);
        var report = await Scans.Run(Lines("resolver.log", records), Scans.Listing("c2-test.txt", ["hidemyself.org"]));
        Accounts(report, queries, analysed: queries, quarantined: 0, skipped: 0);
        if (found == 0)
        {
            Assert.Empty(report.Findings);
            return;
        }
        Assert.Equal(["Backdoor:EC2/C&CActivity.B!DNS", "Trojan:EC2/DNSDataExfiltration"], report.Findings.Select(f => f.Type.Name).Order(StringComparer.Ordinal));
        var finding = Assert.Single(report.Findings, f => f.Type.Name.StartsWith("Backdoor", StringComparison.Ordinal));
        Assert.Equal(("Backdoor:EC2/C&CActivity.B!DNS", "i-0123456789abcdef0", (long)found), (finding.Type.Name, finding.Resource.InstanceDetails?.InstanceId, finding.Service.Count));
    }

    [Theory]
    [InlineData("otel-format-samples/s3_server_access.log", LogType.S3Access, 3, 3, 0)]
    [InlineData("otel-format-samples/vpc_flow_cloudwatch_subscription.json.gz", LogType.VpcFlow, 2, 2, 0)]
    [InlineData("otel-format-samples/vpc_flow_nodata.log", LogType.VpcFlow, 1, 0, 1)]
    [InlineData("otel-format-samples/vpc_flow_v2_header.log", LogType.VpcFlow, 2, 2, 0)]
    [InlineData("otel-format-samples/vpc_flow_v5_ecs.log", LogType.VpcFlow, 1, 1, 0)]
    [InlineData("plaso-samples/aws_cloudtrail_lookup_events.jsonl", LogType.CloudTrail, 6, 6, 0)]
    [InlineData("plaso-samples/aws_elb_access.log", LogType.Elb, 16, 0, 16)]
    public async Task Samples_of_each_format_are_read_as_what_they_are(string file, LogType type, int records, int analysed, int skipped)
    {
        var report = await Scans.Run(new LocalObjects([RealLogs.Path(file)]), Knowledge.Nothing);
        Assert.Equal(type, Assert.Single(report.Records).LogType);
        Accounts(report, records, analysed, quarantined: 0, skipped);
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData("panther-rule-tests/amazon-eks-audit.jsonl.gz", 80, 0, 0, 80)]
    [InlineData("panther-rule-tests/aws-bedrockmodelinvocation.jsonl.gz", 4, 0, 0, 4)]
    [InlineData("panther-rule-tests/aws-cloudtrail.jsonl.gz", 198, 180, 13, 5)]
    [InlineData("panther-rule-tests/aws-guardduty.jsonl.gz", 6, 0, 0, 6)]
    [InlineData("panther-rule-tests/aws-s3serveraccess.jsonl.gz", 2, 0, 2, 0)]
    [InlineData("panther-rule-tests/aws-securityfindingformat.jsonl.gz", 4, 0, 0, 4)]
    [InlineData("panther-rule-tests/aws-vpcdns.jsonl.gz", 5, 5, 0, 0)]
    [InlineData("panther-rule-tests/aws-vpcflow.jsonl.gz", 6, 0, 6, 0)]
    [InlineData("panther-rule-tests/aws-wafwebacl.jsonl.gz", 29, 0, 0, 29)]
    [InlineData("streamalert-rule-tests/tests.jsonl.gz", 43, 34, 8, 1)]
    public async Task Edited_and_stubby_events_are_analysed_or_have_a_reason(string file, int events, int analysed, int quarantined, int skipped)
    {
        var lines = Encoding.UTF8.GetString(RealLogs.Read(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["event"]!.ToJsonString()).ToList();
        var unusable = new List<QuarantinedRecord>();
        var report = await Scans.Run(Lines(Path.GetFileName(file), lines), Knowledge.Nothing, unusable);
        Assert.Equal(events, lines.Count);
        Accounts(report, events, analysed, quarantined, skipped);
        Assert.Equal(quarantined, unusable.Count(record => record.Reason.Length > 0));
    }

    [Fact]
    public async Task A_day_at_an_exposed_host_is_analysed_whole_and_names_who_guesses_logins()
    {
        var flows = ZeekFlows.OfADay();
        Assert.Equal((69_602, 552), (flows.Count, flows.Count(line => line.Contains(" REJECT ", StringComparison.Ordinal))));
        var report = await Scans.Run(Lines("converted-from-zeek.log", flows), Knowledge.Nothing);
        Accounts(report, records: 69_602, analysed: 69_602, quarantined: 0, skipped: 0);

        // The five with fifty connections or more, and a sixth with forty-two that all were tries.
        var guessed = Assert.Single(report.Findings, finding => finding.Type.Name == "UnauthorizedAccess:EC2/SSHBruteForce");
        Assert.Equal(("UnauthorizedAccess:EC2/SSHBruteForce", ResourceRole.Target, 2.0), (guessed.Type.Name, guessed.Service.ResourceRole, guessed.Severity));
        Assert.Equal(
            ["143.198.219.151", "170.64.237.193", "179.43.180.108", "183.81.169.238", "212.70.149.150", "89.32.41.104"],
            guessed.Explanation.Evidence.Select(e => e.Summary.Split(':')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_day_at_an_exposed_host_names_the_scanners_that_found_its_open_port()
    {
        var report = await Scans.Run(Lines("converted-from-zeek.log", ZeekFlows.OfADay()), Knowledge.Nothing);
        var probed = Assert.Single(report.Findings, finding => finding.Type.Name.StartsWith("Recon:", StringComparison.Ordinal));
        Assert.Equal(("Recon:EC2/PortProbeUnprotectedPort", 22), (probed.Type.Name, Assert.Single(Assert.IsType<PortProbeAction>(probed.Service.Action).Probes).LocalPort));
        Assert.Equal(["143.42.1.123", "176.111.174.29", "185.193.159.186", "45.79.225.32"], probed.Explanation.Evidence.Select(e => e.Summary.Split(" to ")[1].Split(':')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("64.225.56.201", ResourceRole.Target, 2.0)]
    [InlineData("73.54.23.243", ResourceRole.Actor, 5.0)]
    public async Task The_beacon_at_an_exposed_host_is_found_from_both_ends(string instance, ResourceRole role, double severity)
    {
        var report = await Scans.Run(Lines("converted-from-zeek.log", ZeekFlows.OfADay().Where(line => line.Contains($" {instance} ", StringComparison.Ordinal))), Knowledge.Nothing);
        var beacon = Assert.Single(report.Findings, finding => finding.Type.Name == "Yagura:EC2/Beaconing");
        Assert.Equal((role, severity, instance), (beacon.Service.ResourceRole, beacon.Severity, Assert.Single(beacon.Resource.InstanceDetails!.NetworkInterfaces).PrivateIpAddress));
        var action = Assert.IsType<NetworkConnectionAction>(beacon.Service.Action);
        Assert.Equal(instance == "73.54.23.243" ? "64.225.56.201" : "73.54.23.243", action.RemoteIp.Address.ToString());
        Assert.Equal(80, role == ResourceRole.Actor ? action.RemotePort : action.LocalPort);
        // 317 connections, of which twenty are kept, so the count is an estimate; at the host, a crawler's 23 besides.
        Assert.InRange(beacon.Service.Count, 285, 349 + (role == ResourceRole.Target ? 23 : 0));
        Assert.Equal(role == ResourceRole.Target ? ["143.110.222.166", "73.54.23.243"] : ["73.54.23.243"], beacon.Explanation.Evidence.Select(e => e.Summary.Split(':')[0]));
        var anomaly = beacon.Explanation.Anomaly!;
        Assert.Equal(anomaly.Score, anomaly.Parts.Sum(part => part.Score), 9);
        Assert.InRange(anomaly.Score, 0.85, 1);
        Assert.Equal(5, anomaly.Parts.Count);
        Assert.InRange(anomaly.Parts[0].Compared[0].Usual!.Median, 240, 300); // the conversion cuts at the minute
        Assert.Equal("24 of 24", anomaly.Parts[4].Seen);
    }

    [Theory]
    [InlineData("165.154.254.36", "Recon:EC2/Portscan")] // 1,006 ports
    [InlineData("170.64.237.193", "UnauthorizedAccess:EC2/SSHBruteForce")] // 466 connections
    [InlineData("73.54.23.243", "Yagura:EC2/Beaconing")] // 317 connections, one in 200 to 350 s
    [InlineData("143.110.222.166", "Yagura:EC2/Beaconing")] // 23 connections, one in 65 minutes
    public async Task The_same_day_seen_from_a_scanners_side_is_a_scan(string instance, string? type)
    {
        var report = await Scans.Run(Lines("converted-from-zeek.log", ZeekFlows.OfADay().Where(line => line.Contains($" {instance} ", StringComparison.Ordinal))), Knowledge.Nothing);
        Assert.Equal(type is null ? [] : [(type, ResourceRole.Actor)], report.Findings.Select(finding => (finding.Type.Name, finding.Service.ResourceRole)));
    }

    /// <summary>The names of a capture, in order, as queries of one instance half a second apart.</summary>
    private static IEnumerable<string> ResolverRecords(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = lines[0].Split(',');
        var (name, type) = (Array.IndexOf(names, "qname"), Array.IndexOf(names, "qd_qtype"));
        foreach (var (number, line) in lines.Skip(1).Index())
        {
            var cells = line.Split(',');
            yield return new JsonObject
            {
                ["version"] = "1.100000", ["account_id"] = "111122223333", ["region"] = "eu-west-1", ["vpc_id"] = "vpc-0123456789abcdef0",
                ["query_timestamp"] = new DateTimeOffset(2018, 3, 23, 0, 0, 0, TimeSpan.Zero).AddSeconds(number / 2.0).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
                ["query_name"] = cells[name], ["query_type"] = type < 0 ? "NULL" : TypeOf(cells[type]), ["query_class"] = "IN", ["rcode"] = "NOERROR",
                ["answers"] = new JsonArray(), ["srcaddr"] = "10.0.0.5", ["srcport"] = "40000", ["transport"] = "UDP",
                ["srcids"] = new JsonObject { ["instance"] = "i-0123456789abcdef0" },
            }.ToJsonString();
        }
    }

    private static string TypeOf(string number) => number switch { "1" => "A", "2" => "NS", "5" => "CNAME", "12" => "PTR", "15" => "MX", "16" => "TXT", "28" => "AAAA", _ => "TYPE" + number };
}
