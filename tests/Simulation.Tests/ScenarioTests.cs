using System.Globalization;
using System.Text.Json;
using Yagura.Simulation.Scenarios;
using Yagura.Simulation.World;

namespace Yagura.Simulation.Tests;

/// <summary>Whether what the expected file says is really in the logs, counted without any code of the product.</summary>
public sealed class ScenarioTests(ScenarioTests.AllScenarios corpus) : IClassFixture<ScenarioTests.AllScenarios>
{
    public sealed class AllScenarios : IDisposable
    {
        public Corpus Logs { get; } = new(new SimulationOptions { Seed = 11 });
        public void Dispose() => Logs.Dispose();
    }

    private Corpus Logs => corpus.Logs;

    private List<JsonElement>? _calls;

    private List<JsonElement> Calls => _calls ??= [.. Logs.Calls().DistinctBy(c => c.Text("eventID"))];

    [Fact]
    public void Every_type_has_an_attack_a_twin_and_an_evasive_variant()
    {
        Assert.Equal(89, ScenarioCatalog.All.Count);
        Assert.Equal(89, ScenarioCatalog.All.Select(s => s.Type).Distinct().Count());
        Assert.Equal(267, Logs.Result.Planted);
        foreach (var type in ScenarioCatalog.All.Select(s => s.Type))
        {
            var plans = Logs.Plans.Where(p => p.Text("type") == type).ToLookup(p => p.Text("kind"), p => p.Text("outcome"));
            Assert.All(plans["attack"], outcome => Assert.Equal("found", outcome));
            Assert.Equal("quiet", Assert.Single(plans["twin"]));
            // One of its own, and more where the type is a step of others' evasion.
            Assert.NotEmpty(plans["evasive"]);
            Assert.All(plans["evasive"], outcome => Assert.Contains(outcome, new[] { "found", "blind" }));
        }
    }

    [Fact]
    public void No_two_plans_of_a_type_share_their_subject_in_an_account()
    {
        var same = Logs.Plans.GroupBy(p => (p.Text("type"), p.Text("account"), p.Text("region"), p.Text("subject"), p.Text("principal"))).Where(g => g.Count() > 1);
        Assert.Empty(same);
    }

    [Fact]
    public void Plans_about_buckets_count_the_calls_on_the_bucket()
    {
        var plans = Logs.Plans.Where(p => p.Text("type")!.Contains(":S3/", StringComparison.Ordinal) && !p.Text("subject")!.StartsWith("arn:", StringComparison.Ordinal)).ToList();
        Assert.True(plans.Count > 30);
        foreach (var plan in plans)
        {
            var times = Calls.Where(c => c.Text("requestParameters.bucketName") == plan.Text("subject") && c.Text("recipientAccountId") == plan.Text("account"))
                .Select(c => c.Text("eventTime")!).Order(StringComparer.Ordinal).ToList();
            Assert.NotEmpty(times);
            // The days before only show what is usual.
            if (plan.Text("outcome") == "found") Check(plan, times.Where(time => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds() >= Organization.Start));
        }
    }

    [Fact]
    public void Plans_about_listed_callers_count_the_calls_from_listed_addresses()
    {
        var plans = Logs.Plans.Where(p => p.Text("outcome") == "found" && p.Text("type")!.Contains("IAMUser/", StringComparison.Ordinal) && p.Text("type")!.Contains("IPCaller", StringComparison.Ordinal)).ToList();
        Assert.Equal(10, plans.Count);
        foreach (var plan in plans)
        {
            Check(plan, Calls.Where(c => Principal(c) == plan.Text("principal") && IsListed(c.Text("sourceIPAddress")!)).Select(c => c.Text("eventTime")!));
        }
    }

    [Fact]
    public void The_first_and_the_last_record_of_every_plan_about_calls_exist()
    {
        var plans = Logs.Plans.Where(p => p.Text("outcome") == "found" && p.Text("principal") is not (null or "anonymous")).ToList();
        Assert.True(plans.Count > 40);
        foreach (var plan in plans)
        {
            foreach (var moment in new[] { "firstSeen", "lastSeen" })
            {
                Assert.Contains(Calls, c => Principal(c) == plan.Text("principal") && c.Text("eventTime") == plan.Text(moment)
                    && (c.Text("awsRegion") == plan.Text("region") || plan.Text("type")!.Contains("CredentialExfiltration.", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public void Plans_about_names_count_the_queries_of_the_instance()
    {
        string[] zones = [.. Directory.EnumerateFiles(Path.Combine(Logs.Folder, Simulator.IntelFolder), "*.txt").SelectMany(File.ReadLines).Where(l => l.EndsWith(".example", StringComparison.Ordinal))];
        bool IsMeant(JsonElement query)
        {
            var name = query.Text("query_name")!.TrimEnd('.').ToLowerInvariant();
            return zones.Any(z => name == z || name.EndsWith("." + z, StringComparison.Ordinal))
                || query.GetProperty("answers").EnumerateArray().Any(a => a.Text("Rdata") is "fd00:ec2::254" || (name.Contains("rebinding", StringComparison.Ordinal) && a.Text("Rdata") is "169.254.169.254") || IsListed(a.Text("Rdata")!));
        }
        var queries = Logs.Lines(LogKind.Route53Resolver).Where(l => l.EndsWith('}')).Distinct().Select(Corpus.Parse).Where(IsMeant).ToLookup(q => q.Text("srcids.instance"), q => q.Text("query_timestamp")!);
        var plans = Logs.Plans.Where(p => p.Text("type")!.EndsWith("!DNS", StringComparison.Ordinal) || p.Text("type")!.Contains("DomainRequest", StringComparison.Ordinal) || p.Text("type")!.EndsWith("Rebind", StringComparison.Ordinal))
            .Where(p => !IsOfMadeNames(p)).ToList();
        Assert.Equal(39, plans.Count);
        foreach (var plan in plans) Check(plan, queries[plan.Text("subject")]);
        Assert.Equal(plans.Count(p => p.Text("outcome") == "found"), queries.Count);
    }

    [Fact]
    public void Plans_about_made_names_count_the_different_names_of_the_instance()
    {
        var names = Logs.Lines(LogKind.Route53Resolver).Where(l => l.EndsWith('}')).Distinct().Select(Corpus.Parse)
            .Select(q => (Instance: q.Text("srcids.instance"), Time: q.Text("query_timestamp")!, Labels: q.Text("query_name")!.TrimEnd('.').Split('.')))
            .Where(q => q.Labels is [{ Length: 57 }, _, "t", "example"] || (q.Labels is [{ Length: >= 14 } made, "example"] && !made.Any("aeiou-0123456789".Contains))).ToLookup(q => q.Instance);
        var plans = Logs.Plans.Where(p => IsOfMadeNames(p) && p.Text("outcome") == "found").ToList();
        Assert.Equal(2, plans.Count);
        foreach (var plan in plans)
        {
            Check(plan, names[plan.Text("subject")].Select(q => q.Time));
            Assert.Equal(plan.Number("count"), names[plan.Text("subject")].Select(q => string.Join('.', q.Labels)).Distinct(StringComparer.Ordinal).Count());
        }
    }

    private static bool IsOfMadeNames(JsonElement plan) => plan.Text("type") is "Trojan:EC2/DGADomainRequest.B" or "Trojan:EC2/DNSDataExfiltration";

    [Fact]
    public void Plans_about_peers_count_the_flows_with_listed_addresses()
    {
        var instances = Corpus.Parse(File.ReadAllText(Path.Combine(Logs.Folder, Simulator.InventoryFile))).GetProperty("Reservations").EnumerateArray()
            .Select(r => r.GetProperty("Instances")[0]).ToDictionary(i => i.GetProperty("NetworkInterfaces")[0].Text("NetworkInterfaceId")!, i => i.Text("InstanceId")!);
        var flows = Logs.Lines(LogKind.VpcFlow).Where(l => l.Contains(" OK", StringComparison.Ordinal) && l.Split(' ').Any(IsListed)).Distinct()
            .ToLookup(l => instances[l.Split(' ').Single(f => f.StartsWith("eni-", StringComparison.Ordinal))]);
        var types = ListedPeers.Scenarios.Select(scenario => scenario.Type).ToHashSet(StringComparer.Ordinal);
        var plans = Logs.Plans.Where(p => p.Text("outcome") == "found" && types.Contains(p.Text("type")!)).ToList();
        Assert.True(plans.Count >= 12);
        foreach (var plan in plans.Where(p => !p.Text("note")!.Contains("outgoing half", StringComparison.Ordinal) && !p.Text("note")!.StartsWith("a step of a sequence", StringComparison.Ordinal)))
            Assert.Equal(plan.Number("count"), flows[plan.Text("subject")!].Count());
        Assert.All(Logs.Plans.Where(p => p.Text("outcome") == "blind" && p.Text("type")!.StartsWith("CryptoCurrency:EC2/BitcoinTool.B", StringComparison.Ordinal)), p => Assert.Empty(flows[p.Text("subject")!]));
    }

    [Fact]
    public void Only_planted_records_meet_the_lists()
    {
        using var quiet = new Corpus(new SimulationOptions { Seed = 11, Scenario = "none" });
        Assert.DoesNotContain(quiet.Calls(), c => IsListed(c.Text("sourceIPAddress")!));
        Assert.DoesNotContain(quiet.Lines(LogKind.VpcFlow), l => l.Split(' ').Any(IsListed));
        string[] watched = ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutBucketPolicy", "PutBucketAcl", "PutBucketLogging", "AssociateAddress", "DeleteBucket",
            "UpdateAccountPasswordPolicy", "DeleteAccountPasswordPolicy", "PutBucketPublicAccessBlock", "PutAccountPublicAccessBlock"];
        Assert.DoesNotContain(quiet.Calls(), c => watched.Contains(c.Text("eventName")));
        Assert.DoesNotContain(quiet.Lines(LogKind.Route53Resolver), l => l.Contains("169.254.169.254", StringComparison.Ordinal));
    }

    [Fact]
    public void Choosing_one_scenario_plants_the_same_records_as_choosing_all()
    {
        const string type = "Impact:S3/MaliciousIPCaller";
        using var one = new Corpus(new SimulationOptions { Seed = 11, Scenario = type });
        Assert.Equal(3, one.Result.Planted);
        Assert.Equal(Logs.Plans.Where(p => p.Text("type") == type).Select(p => p.ToString()), one.Plans.Select(p => p.ToString()));
    }

    private static void Check(JsonElement plan, IEnumerable<string> times)
    {
        var found = times.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(plan.Number("count"), found.Count);
        if (found.Count == 0) return;
        Assert.Equal(plan.Text("firstSeen"), found[0]);
        Assert.Equal(plan.Text("lastSeen"), found[^1]);
    }

    private static string? Principal(JsonElement call) => call.Text("userIdentity.sessionContext.sessionIssuer.arn") ?? call.Text("userIdentity.arn");

    /// <summary>The documentation ranges but the trusted part are on lists, and nothing else is.</summary>
    private static bool IsListed(string address) =>
        address.StartsWith("198.51.100.", StringComparison.Ordinal) || address.StartsWith("203.0.113.", StringComparison.Ordinal);
}
