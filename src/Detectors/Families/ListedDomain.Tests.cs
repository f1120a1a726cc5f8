using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class ListedDomainTests
{
    private static readonly ListedDomainType ByName = new(new("Backdoor:EC2/Name"), ThreatCategory.CommandAndControl, Severity.High);
    private static readonly ListedDomainType ByAnswerToo =
        new(new("Trojan:EC2/Answer"), ThreatCategory.Sinkhole, Severity.Medium) { AnswerCategories = ThreatCategory.Sinkhole };
    private static readonly ListedDomain Detector = new([ByName, ByAnswerToo]);

    private static readonly Knowledge Lists = NetworkLogs.Knowing(
        ("c2", ThreatCategory.CommandAndControl, "c2.example\n203.0.113.161"), ("sinkhole", ThreatCategory.Sinkhole, "sinkholed.example\n203.0.113.181\n2001:db8:51::/48"));

    [Theory]
    [InlineData("c2.example.")]
    [InlineData("c2.example")]
    [InlineData("a.b.c2.example.")]
    [InlineData("Www.C2.eXample.")]
    public void A_listed_name_or_one_below_it_is_found(string name)
    {
        var detection = Assert.Single(Detector.Detect(Lists, NetworkLogs.Query(name)));
        Assert.Equal((ByName.Type, "i-0a1b2c3d4e5f60718", Severity.High), (detection.Type, detection.Subject, detection.Severity));
        var action = Assert.IsType<DnsRequestAction>(detection.Action);
        Assert.Equal((name.TrimEnd('.').ToLowerInvariant(), "UDP", false), (action.Domain, action.Protocol, action.Blocked));
        Assert.Equal("c2", Assert.Single(detection.ThreatIntelligence).ThreatListName);
    }

    [Theory]
    [InlineData("notc2.example.")]
    [InlineData("example.")]
    [InlineData("c2.example.com.")]
    [InlineData(".")]
    [InlineData("c2\\056example.")]
    public void A_name_that_only_looks_like_it_is_quiet(string name) =>
        Assert.Empty(Detector.Detect(Lists, NetworkLogs.Query(name.Replace("\\", "\\\\", StringComparison.Ordinal))));

    [Fact]
    public void A_blocked_query_counts_and_says_that_it_was_blocked()
    {
        var line = NetworkLogs.Query("c2.example.", more: """
            "srcids":{"instance":"i-0a1b2c3d4e5f60718"},"firewall_rule_action":"BLOCK","firewall_rule_group_id":"rslvr-frg-0a1b","firewall_domain_list_id":"rslvr-fdl-0a1b"
            """.Trim());
        Assert.True(Assert.Single(Detector.Detect(Lists, line)).Action is DnsRequestAction { Blocked: true });
    }

    [Theory]
    [InlineData("203.0.113.181", "A")]
    [InlineData("2001:db8:51::7", "AAAA")]
    public void An_unlisted_name_answered_with_a_sinkhole_is_found_by_the_answer(string address, string type)
    {
        var answers = $$"""[{"Rdata":"edge.example.","Type":"CNAME","Class":"IN"},{"Rdata":"{{address}}","Type":"{{type}}","Class":"IN"}]""";
        var detection = Assert.Single(Detector.Detect(Lists, NetworkLogs.Query("old-bot.example.", answers)));
        Assert.Equal((ByAnswerToo.Type, "sinkhole"), (detection.Type, Assert.Single(detection.ThreatIntelligence).ThreatListName));
    }

    [Theory]
    [InlineData("203.0.113.161", "A")] // on another list, which does not raise a type by the answer
    [InlineData("203.0.113.181", "TXT")]
    [InlineData("0.0.0.0", "A")]
    [InlineData("10.0.0.1", "A")]
    public void Other_answers_are_quiet(string address, string type) =>
        Assert.Empty(Detector.Detect(Lists, NetworkLogs.Query("news.example.", $$"""[{"Rdata":"{{address}}","Type":"{{type}}","Class":"IN"}]""")));

    [Fact]
    public void Without_an_instance_the_subject_is_the_address_in_its_VPC()
    {
        var line = NetworkLogs.Query("c2.example.", more: "\"srcids\":{\"resolver_endpoint\":\"rslvr-in-0a1b\"}");
        Assert.Equal("vpc-0a1b2c3d/10.0.0.5", Assert.Single(Detector.Detect(Lists, line)).Subject);
    }

    [Theory]
    [InlineData("vpc-0a1b2c3d", "i-0123456789abcdef0")]
    [InlineData("vpc-ffffffff", null)] // another VPC with the same private addresses
    public void The_inventory_names_the_instance_at_an_address_of_the_same_VPC(string vpc, string? instance)
    {
        var inventory = Inventory.Parse(System.Text.Encoding.UTF8.GetBytes(
            $$"""[{"InstanceId":"i-0123456789abcdef0","NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","PrivateIpAddress":"10.0.0.5","VpcId":"{{vpc}}"}]}]"""));
        var detection = Assert.Single(Detector.Detect(Lists with { Inventory = inventory }, NetworkLogs.Query("c2.example.", more: "\"srcids\":{}")));
        Assert.Equal(instance, detection.Resource.InstanceDetails!.InstanceId);
    }

    [Fact]
    public void The_types_are_off_without_a_list_that_can_raise_them()
    {
        Assert.Equal("no list", ByName.Off(NetworkLogs.Knowing(("c2", ThreatCategory.CommandAndControl, "203.0.113.161"))));
        Assert.Null(ByName.Off(Lists));
        Assert.Null(ByAnswerToo.Off(NetworkLogs.Knowing(("sinkhole", ThreatCategory.Sinkhole, "203.0.113.181"))));
        Assert.Null(ByAnswerToo.Off(NetworkLogs.Knowing(("sinkhole", ThreatCategory.Sinkhole, "sinkholed.example"))));
        Assert.Equal("no list", ByAnswerToo.Off(Knowledge.Nothing));
    }

    [Fact]
    public void A_quiet_query_allocates_nothing() =>
        NetworkLogs.Read(NetworkLogs.Query("www.example.", """[{"Rdata":"192.0.2.80","Type":"A","Class":"IN"},{"Rdata":"2001:db8::80","Type":"AAAA","Class":"IN"}]"""), query: query =>
        {
            var detectors = Catalog.DnsQueries;
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++)
                    for (var d = 0; d < detectors.Count; d++) detectors[d].Detect(query, Lists, null!);
            }));
        });
}
