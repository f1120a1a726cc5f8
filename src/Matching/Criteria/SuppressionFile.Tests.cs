using System.Text;
using Yagura.Matching.Criteria;

namespace Yagura.Tests.Matching;

public sealed class SuppressionFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_rule_that_matches_hides_the_finding()
    {
        var file = Parse("""
            [
              // our own scanner
              {"name": "scanner", "reason": "the scanner of the security team", "owner": "alice", "expires": "2026-12-31", "criterion": {"type": {"equals": ["Recon:EC2/Portscan"]}}},
              {"name": "web-1", "reason": "a honeypot", "criterion": {"resource.instanceDetails.tags.value": {"equals": ["web-1"]}}},
            ]
            """);
        Assert.Equal("web-1", file.RuleFor(SampleFindings.Connection, Now)?.Name);
        Assert.Null(file.RuleFor(SampleFindings.ApiCall, Now));
        Assert.Equal(("scanner", "alice", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)), (file.Rules[0].Name, file.Rules[0].Owner, file.Rules[0].Expires));
    }

    [Theory]
    [InlineData("2026-10-31", false)]
    [InlineData("2026-11-01", true)]
    [InlineData("2026-11-01T00:00:00Z", false)]
    [InlineData("2026-11-01T00:00:01+00:00", true)]
    [InlineData("2026-11-01T01:00:00+09:00", false)]
    public void An_expired_rule_hides_nothing(string expires, bool hides)
    {
        var file = Parse($$"""[{"name":"old","reason":"was harmless","expires":"{{expires}}","criterion":{"severity":{"gte":1} } }]""");
        Assert.Equal(hides, file.RuleFor(SampleFindings.Connection, Now) is not null);
    }

    [Fact]
    public void Criteria_that_stand_alone_are_one_rule_without_a_reason()
    {
        var rule = Assert.Single(Parse("""{"Criterion":{"severity":{"Lt":9}}}""").Rules);
        Assert.Equal(("criteria", (string?)null), (rule.Name, rule.Reason));
    }

    [Fact]
    public void All_mistakes_of_all_rules_are_told_at_once() => Assert.Equal(
        [
            "rule 1, typ: unknown path; did you mean type?",
            "rule 1, name: 3 to 64 letters, digits, '.', '_' or '-' are allowed",
            "rule 1: reason is missing; whoever reads the rule later has to judge whether it still holds",
            "rule 2: unknown key until; known are name, reason, owner, expires, criterion",
            "rule 2, expires: soon is neither a date (2026-12-31) nor a time (2026-12-31T00:00:00Z)",
            "rule 2: criterion is missing",
            "rule 3, reason: expected a text of 1 to 512 characters",
            "rule 3: the name twice stands here twice",
            "rule 4: expected an object",
        ],
        Errors("""
            [
              {"name": "a b", "criterion": {"typ": {"equals": ["x"]}}},
              {"name": "twice", "reason": "r", "until": 1, "expires": "soon"},
              {"name": "twice", "reason": "", "criterion": {"type": {"equals": ["x"]}}},
              7
            ]
            """));

    [Theory]
    [InlineData("7", "expected a list of rules, or one object with the key \"criterion\"")]
    [InlineData("{\"rules\":[]}", "expected an object with the key \"criterion\"")]
    [InlineData("[", "not JSON: line 1, byte 2")]
    public void What_is_no_file_of_rules_is_refused(string json, string expected) => Assert.Equal([expected], Errors(json));

    [Fact]
    public void An_empty_list_hides_nothing() => Assert.Null(Parse("[]").RuleFor(SampleFindings.Connection, Now));

    private static SuppressionFile Parse(string json)
    {
        Assert.True(SuppressionFile.TryParse(Encoding.UTF8.GetBytes(json), out var file, out var errors), string.Join('\n', errors));
        return file;
    }

    private static IReadOnlyList<string> Errors(string json)
    {
        Assert.False(SuppressionFile.TryParse(Encoding.UTF8.GetBytes(json), out _, out var errors));
        return errors;
    }
}
