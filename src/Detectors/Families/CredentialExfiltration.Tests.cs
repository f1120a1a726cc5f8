using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Detectors.UnauthorizedAccess.IAMUser;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class CredentialExfiltrationTests
{
    private const string Instance = "i-0123456789abcdef0";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private static string Use(double hour, string address, string role = "web", string mark = "\"ec2RoleDelivery\":\"2.0\",", string region = "eu-west-1", string more = "") =>
        Event("sts", "GetCallerIdentity", "null", $$"""
            {
              "eventTime": "{{Start.AddHours(hour):yyyy-MM-ddTHH:mm:ssZ}}", "sourceIPAddress": "{{address}}", "eventID": "{{hour}}-{{address}}-{{role}}", "awsRegion": "{{region}}" {{more}},
              "userIdentity": {
                "type": "AssumedRole", "principalId": "AROA{{role}}:{{Instance}}", "arn": "arn:aws:sts::111122223333:assumed-role/{{role}}/{{Instance}}", "accountId": "111122223333",
                "sessionContext": { {{mark}} "sessionIssuer": { "type": "Role", "principalId": "AROA{{role}}", "arn": "arn:aws:iam::111122223333:role/{{role}}", "accountId": "111122223333", "userName": "{{role}}" } }
              }
            }
            """);

    private static string Started(double hour) => Event(
        "ec2", "StartInstances", $$$"""{"instancesSet":{"items":[{"instanceId":"{{{Instance}}}"}]}}""",
        $$"""{"eventTime":"{{Start.AddHours(hour):yyyy-MM-ddTHH:mm:ssZ}}","eventID":"start-{{hour}}"}""");

    private static SessionUse State(params string[] events)
    {
        var steps = new Steps();
        Read(call => new InstanceCredentialExfiltration().Observe(call, Lists, steps), events);
        return steps.State;
    }

    private static List<Decision> Found(Knowledge knowledge, SessionUse state) => [.. new InstanceCredentialExfiltration().Decide(state, knowledge)];

    private static List<Decision> Found(params string[] events) => Found(Knowledge.Nothing, State(events));

    private static string[] Told(SessionUse state) => [.. Found(Knowledge.Nothing, state).Select(d => $"{d.Detection.Why} {d.Occurrences.Occurrences.Count} {d.Occurrences.FirstSeen} {d.Occurrences.LastSeen}")];

    private static IEnumerable<string> StartedDaily(int days) =>
        Enumerable.Range(0, days).SelectMany(day => new[] { Started(24 * day), Use(24 * day + 0.1, $"192.0.2.{day}"), Use(24 * day + 9, $"192.0.2.{day}") });

    [Fact]
    public void An_instance_that_is_started_daily_is_quiet_for_months_and_its_thief_found() =>
        Assert.Multiple(
            () => Assert.Empty(Found([.. StartedDaily(120)])),
            () => Assert.Equal("198.51.100.200", Assert.Single(Found([.. StartedDaily(120), Use(24 * 119 + 5, "198.51.100.200")])).Detection.AdditionalInfo[1].Value));

    [Fact]
    public void Any_order_split_and_repetition_makes_the_same_state_even_of_more_places_than_are_kept()
    {
        string[] events = [.. StartedDaily(60), .. Enumerable.Range(0, 60).Select(i => Use(i * 20, $"198.51.100.{i}", mark: "")), Use(24 * 58 + 5, "203.0.113.200")];
        var expected = Told(State(events));
        Assert.NotEmpty(expected);
        Gen.Select(Gen.Shuffle(events), Gen.Int[1, events.Length - 1]).Sample((shuffled, cut) =>
        {
            var (left, right) = (State(shuffled[..cut]), State(shuffled[(cut / 2)..]));
            left.Merge(right);
            left.Merge(right);
            Assert.Equal(expected, Told(left));
            right.Merge(left);
            Assert.Equal(expected, Told(right));
        }, iter: 20);
    }

    [Fact]
    public void Another_role_or_a_session_with_only_the_name_does_not_make_the_home()
    {
        var found = Found(Use(0, "198.51.100.66", "assumed", mark: ""), Use(1, "192.0.2.10"), Use(2, "203.0.113.200"), Use(3, "192.0.2.10"));
        Assert.Equal(("192.0.2.10", "203.0.113.200"), (Assert.Single(found).Detection.AdditionalInfo[0].Value, found[0].Detection.AdditionalInfo[1].Value));
        Assert.Empty(Found(Use(0, "198.51.100.66", mark: ""), Use(1, "192.0.2.10"), Use(2, "192.0.2.10")));
        Assert.Empty(Found(Use(0, "198.51.100.66", "assumed", mark: ""), Use(1, "192.0.2.10", mark: ""), Use(2, "192.0.2.10", mark: "")));
        Assert.Single(Found(Use(0, "192.0.2.10", mark: ""), Use(1, "203.0.113.200", mark: ""), Use(2, "192.0.2.10", mark: "")));
    }

    [Fact]
    public void Two_versions_of_IP_and_a_gateway_with_two_addresses_are_one_home()
    {
        var hours = Enumerable.Range(0, 48).ToList();
        Assert.Empty(Found([.. hours.Select(h => Use(h, h % 2 == 0 ? "192.0.2.10" : "2001:db8:1::10"))]));
        string[] gateway = [.. hours.Select(h => Use(h, h % 3 == 0 ? "192.0.2.10" : "192.0.2.11"))];
        Assert.Empty(Found(gateway));
        Assert.Equal("203.0.113.200", Assert.Single(Found([.. gateway, Use(20.5, "203.0.113.200"), Use(20.6, "203.0.113.200")])).Detection.AdditionalInfo[1].Value);
        Assert.Single(Found([.. gateway, Use(0.5, "203.0.113.200"), Use(40.6, "203.0.113.200")])); // long, but rarely
        Assert.Equal("2001:db8:9::9", Assert.Single(Found([.. hours.Select(h => Use(h, h % 2 == 0 ? "192.0.2.10" : "2001:db8:1::10")), Use(7.5, "2001:db8:9::9")])).Detection.AdditionalInfo[1].Value);
    }

    [Fact]
    public void The_region_is_the_partitions_home_whichever_call_came_first()
    {
        var late = Assert.Single(Found(Use(0, "192.0.2.10"), Use(2, "203.0.113.200"), Use(3, "192.0.2.10"))).Detection;
        var early = Assert.Single(Found(Use(0, "192.0.2.10"), Use(1, "203.0.113.200", region: "ap-south-1"), Use(2, "203.0.113.200"), Use(3, "192.0.2.10"))).Detection;
        Assert.Equal(("us-east-1", "us-east-1"), (late.Region, early.Region));
    }

    private const string Endpoint = ", \"vpcEndpointId\": \"vpce-1\"";

    private static string Through(double hour, string address, string owner) => Use(hour, address, more: $"{Endpoint}, \"vpcEndpointAccountId\": \"{owner}\"");

    [Fact]
    public void The_severity_is_lesser_only_if_every_endpoint_is_of_an_affiliated_account()
    {
        var knowledge = Knowledge.Nothing with { AffiliatedAccounts = new HashSet<string> { "999988887777" } };
        var affiliated = State(Use(0, "192.0.2.10"), Through(1, "10.7.0.5", "999988887777"));
        Assert.Equal(Severity.Medium, Assert.Single(Found(knowledge, affiliated)).Detection.Severity);
        affiliated.Merge(State(Through(2, "10.7.0.5", "444455556666")));
        Assert.Equal(Severity.High, Assert.Single(Found(knowledge, affiliated)).Detection.Severity);
    }

    [Theory]
    [InlineData("10.0.4.17", ", \"vpcEndpointAccountId\": \"111122223333\"", false)]
    [InlineData("203.0.113.200", ", \"vpcEndpointAccountId\": \"111122223333\"", false)]
    [InlineData("10.0.4.17", ", \"vpcEndpointAccountId\": \"999988887777\"", true)]
    [InlineData("10.0.4.17", "", false)]
    [InlineData("203.0.113.200", "", true)]
    public void An_endpoint_is_ones_own_by_its_owner_and_without_one_the_address_decides(string address, string owner, bool expected) =>
        Assert.Equal(expected, Found(Use(0, "192.0.2.10"), Use(1, address, more: Endpoint + owner), Use(2, "192.0.2.10")).Count == 1);

    private sealed class Steps : ISteps<SessionUse>
    {
        public SessionUse State { get; } = new();
        public string ObjectName => "object";
        public SessionUse Of(EntityKey key) => State;
    }
}
