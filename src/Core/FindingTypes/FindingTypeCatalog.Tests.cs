using System.Text.Json;
using System.Text.RegularExpressions;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Tests.Core.FindingTypes;

public sealed partial class FindingTypeCatalogTests
{
    [Fact]
    public void Every_active_type_is_listed_once_in_its_group()
    {
        Assert.Equal(229, FindingTypeCatalog.All.Count(entry => !entry.IsOwn));
        Assert.Equal(FindingTypeCatalog.All.Count, FindingTypeCatalog.All.Select(entry => entry.Type.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            "EC2 40, IAM 28, AI 3, S3 20, EKS 33, RDS 9, Lambda 7, Runtime 46, Malware 13, AttackSequence 5, CustomDetectionRule 25",
            string.Join(", ", FindingTypeCatalog.All.Where(entry => !entry.IsOwn).GroupBy(entry => entry.Group).Select(group => $"{group.Key} {group.Count()}")));
        Assert.All(FindingTypeCatalog.All, entry => Assert.Matches(Grammar(), entry.Type.Name));
    }

    [Fact]
    public void Our_own_types_say_so_in_their_names_and_come_last()
    {
        Assert.All(FindingTypeCatalog.All, entry => Assert.Equal(entry.IsOwn, entry.Type.ThreatPurpose == FindingTypeCatalog.OwnGroup));
        Assert.All(FindingTypeCatalog.All.Skip(229), entry => Assert.True(entry.IsOwn));
    }

    [Fact]
    public void Titles_are_short_sentences_and_no_two_types_share_one()
    {
        Assert.All(FindingTypeCatalog.All, entry =>
        {
            Assert.InRange(entry.Title.Length, 10, 90);
            Assert.EndsWith(".", entry.Title, StringComparison.Ordinal);
            Assert.InRange(entry.Description.Length, 30, 400);
            Assert.EndsWith(".", entry.Description, StringComparison.Ordinal);
        });
        Assert.Equal(FindingTypeCatalog.All.Count, FindingTypeCatalog.All.Select(entry => entry.Title).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Templates_hold_only_placeholders_that_can_be_filled() =>
        Assert.All(FindingTypeCatalog.All, entry =>
        {
            var (title, description) = FindingTypeCatalog.Describe(entry, new Dictionary<string, string>(StringComparer.Ordinal));
            Assert.DoesNotContain('{', title + description);
            Assert.DoesNotContain('}', title + description);
            Assert.True(char.IsUpper(title[0]) && char.IsUpper(description[0]), title);
        });

    [Fact]
    public void Techniques_are_named_in_the_form_of_attack_or_atlas() =>
        Assert.All(FindingTypeCatalog.All.SelectMany(entry => entry.Attack), id => Assert.Matches(Technique(), id));

    [Theory]
    [InlineData("UnauthorizedAccess:EC2/TorClient", Severity.High)]
    [InlineData("Stealth:IAMUser/PasswordPolicyChange", Severity.Low)]
    [InlineData("AttackSequence:S3/CompromisedData", Severity.Critical)]
    [InlineData("Execution:EC2/MaliciousFile", null)]
    [InlineData("CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin", null)]
    public void A_type_has_a_default_severity_unless_each_level_needs_a_condition(string name, Severity? expected)
    {
        Assert.True(FindingTypeCatalog.TryGet(name, out var entry));
        Assert.Equal(expected, entry.DefaultSeverity);
    }

    [Fact]
    public void A_level_that_needs_a_condition_says_it()
    {
        Assert.True(FindingTypeCatalog.TryGet("Recon:EC2/PortProbeUnprotectedPort", out var entry));
        Assert.Equal([new(Severity.Low, null), new(Severity.High, "the port is 9200 or 9300")], entry.Severities);
    }

    [Fact]
    public void An_unknown_type_is_not_found() => Assert.False(FindingTypeCatalog.TryGet("Recon:EC2/Nothing", out _));

    [Fact]
    public void Values_from_an_attacker_are_text_and_nothing_else()
    {
        Assert.True(FindingTypeCatalog.TryGet("Backdoor:EC2/C&CActivity.B!DNS", out var entry));
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["instance"] = "i-0123456789abcdef0", ["domain"] = "{list}\r\n\u001b[2J" + new string('a', 10_000),
        };
        var (title, description) = FindingTypeCatalog.Describe(entry, values);
        Assert.Equal("i-0123456789abcdef0 looked up a command-and-control domain.", title);
        Assert.Contains("asked for {list}   [2Ja", description, StringComparison.Ordinal);
        Assert.Contains("a…, which a threat list names", description, StringComparison.Ordinal);
        Assert.True(description.Length < 600);
    }

    [Fact]
    public void A_long_value_is_never_cut_inside_a_character()
    {
        Assert.True(FindingTypeCatalog.TryGet("Backdoor:EC2/Spambot", out var entry));
        for (var lead = 0; lead < 2; lead++)
        {
            var value = new string('a', lead) + string.Concat(Enumerable.Repeat("😀", 200));
            var (title, _) = FindingTypeCatalog.Describe(entry, new Dictionary<string, string>(StringComparer.Ordinal) { ["instance"] = value });
            Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(title)));
        }
    }

    [Fact]
    public void The_facts_agree_with_the_reference()
    {
        var path = Path.Combine(RealLogs.Path("."), "..", "reference", "finding-types.json");
        Assert.SkipUnless(File.Exists(path), "the reference of finding types is not here");
        using var reference = JsonDocument.Parse(File.ReadAllBytes(path));
        var active = reference.RootElement.GetProperty("active").EnumerateArray().ToArray();
        var listed = FindingTypeCatalog.All.Where(entry => !entry.IsOwn).ToList();
        Assert.Equal(active.Select(type => type.GetProperty("type").GetString()), listed.Select(entry => entry.Type.Name));
        foreach (var (type, entry) in active.Zip(listed))
        {
            var expectedDefault = type.GetProperty("defaultSeverity").GetString();
            Assert.Equal(expectedDefault == "Variable" ? null : expectedDefault, entry.DefaultSeverity?.ToString());
            if (type.GetProperty("severity") is { ValueKind: JsonValueKind.Array } levels)
            {
                Assert.Equal(
                    levels.EnumerateArray().Select(level => level.GetProperty("level").GetString()).Where(level => level != "Variable").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                    entry.Severities.Where(rule => rule.Level is not null).Select(rule => rule.Level.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            }
            Assert.Equal(type.GetProperty("resource").GetString(), entry.Group);
            Assert.Equal(type.GetProperty("dataSources").GetArrayLength(), entry.DataSources.Count);
            Assert.Equal(type.GetProperty("actionType").GetString(), entry.ActionType);
            Assert.Equal(type.GetProperty("resourceRole").GetString() ?? "", string.Join(" or ", entry.ResourceRoles).ToUpperInvariant().Replace(" OR ", " or ", StringComparison.Ordinal));
            Assert.Equal(type.GetProperty("customList").GetBoolean(), entry.CustomList);
            Assert.Equal(type.GetProperty("since").GetInt32(), entry.Since);
            Assert.Equal(type.GetProperty("attack").EnumerateArray().Select(id => id.GetString()), entry.Attack);
        }
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z]+:[A-Z][A-Za-z0-9]+/[A-Z][A-Za-z0-9&]*(\.[A-Z][A-Za-z]*)?(![A-Za-z]+)?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"^(T\d{4}(\.\d{3})?|AML\.T\d{4})$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Technique();
}
