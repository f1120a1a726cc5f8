using System.Text;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Matching.Sigma;
using static Yagura.Matching.Tests.SigmaRules;

namespace Yagura.Matching.Tests;

public sealed class SigmaFileTests
{
    private const string Whole = """
        title: Trail stopped
        id: 3f6f0f5e-6f2c-4f0d-9a53-3f1f5c2a9e01
        name: trail_stopped
        status: test
        description: Somebody stopped a trail.
        license: Apache-2.0
        author: Yagura
        date: 2026-01-31
        modified: 2026-02-01
        references: [https://docs.example/cloudtrail]
        tags: [attack.defense-evasion, attack.t1562.008, cve.2026-1]
        logsource: {product: aws, service: cloudtrail}
        detection:
          selection: {eventName: StopLogging}
          condition: selection
        fields: [userIdentity.arn]
        falsepositives: [Maintenance]
        level: high
        yagura:
          type: Stealth:IAMUser/CloudTrailLoggingDisabled
          resource: {type: bucket, id: requestParameters.bucketName}
          dedup: [requestParameters.name]
          budget: 3 per week
          attack: v18.1
          owner: security
          guide: |
            Ask who did it.
        tests:
          - {name: stopped, match: true, event: {eventName: StopLogging}}
          - name: started
            match: false
            events: [{eventName: StartLogging, readOnly: no, requestParameters: {a: [1, 2.50, null, true]}}]
        """;

    [Fact]
    public void Rules_whose_findings_could_not_be_told_apart_are_refused()
    {
        NamedSigmaFile File(string name, string id) => new(name, Read(Whole.Replace("id: 3f6f0f5e-6f2c-4f0d-9a53-3f1f5c2a9e01\nname: trail_stopped\n", id, StringComparison.Ordinal)));
        Assert.Contains("the title is also that of a rule in a.yml", Assert.Single(SigmaRuleSet.Of([File("a.yml", ""), File("b.yml", "")]).Problems).ToString(), StringComparison.Ordinal);
        Assert.Empty(SigmaRuleSet.Of([File("a.yml", ""), File("b.yml", "id: 3f6f0f5e-6f2c-4f0d-9a53-3f1f5c2a9e02\n")]).Problems);
    }

    [Fact]
    public void A_rule_is_read_whole()
    {
        var file = Read(Whole);
        Assert.Empty(file.Problems);
        var rule = Assert.Single(file.Rules);
        Assert.Equal(("Trail stopped", "trail_stopped", SigmaStatus.Test, SigmaLevel.High, Severity.High), (rule.Header.Title, rule.Header.Name, rule.Header.Status, rule.Header.Level, rule.Header.Severity));
        Assert.Equal(["T1562.008"], rule.Header.Techniques);
        Assert.Equal("aws/cloudtrail", rule.Source.ToString());
        Assert.Equal("Stealth:IAMUser/CloudTrailLoggingDisabled", rule.FindingType.Name);
        Assert.Equal(new ResourceMapping(ResourceType.S3Bucket, "requestParameters.bucketName"), rule.Resource);
        Assert.Equal(new NoiseBudget(3, TimeSpan.FromDays(7)), rule.Header.Yagura.Budget);
        Assert.Equal("Ask who did it.", rule.Header.Yagura.Guide!.Trim());
        Assert.Equal([true, false], rule.Tests.Select(test => test.Match));
        Assert.Equal("""{"eventName":"StartLogging","readOnly":"no","requestParameters":{"a":[1,2.50,null,true]}}""", Encoding.UTF8.GetString(rule.Tests[1].Events[0].Span));
    }

    [Fact]
    public void A_rule_without_a_type_gets_one_of_its_title() =>
        Assert.Equal("Custom:IAMUser/ARule", Rule("s: {eventName: x}").FindingType.Name);

    private const string Versioned = """
        title: x
        name: versioned
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: [A, B]}, condition: s}
        yagura: {budget: 1 per week, dedup: [eventSource]}
        """;

    [Theory]
    [InlineData("title: x", "title: y\nlevel: high", true)]
    [InlineData("1 per week", "2 per week", true)]
    [InlineData("{s: {eventName: [A, B]}, condition: s}", "\n  s:\n    eventName: # any\n      - A\n      - B\n  condition: s", true)]
    [InlineData("[A, B]", "[A, C]", false)]
    [InlineData("[A, B]", "AB", false)]
    [InlineData("dedup: [eventSource]", "resource: {type: bucket, id: requestParameters.bucketName}", false)]
    public void A_rule_has_another_version_where_it_finds_something_else(string now, string then, bool same) =>
        Assert.Equal(same, VersionOf(Versioned) == VersionOf(Versioned.Replace(now, then, StringComparison.Ordinal)));

    [Fact]
    public void A_rule_has_another_version_and_its_file_another_hash_where_placeholders_stand_for_something_else()
    {
        SigmaFile With(params string[] admins) => SigmaFile.Read(Encoding.UTF8.GetBytes(Versioned), new SigmaOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["admins"] = admins } });
        var files = new[] { SigmaFile.Read(Encoding.UTF8.GetBytes(Versioned)), With("alice"), With("alice", "bob"), With("alicebob") };
        Assert.Equal(files.Length, files.Select(file => file.Hash).Distinct().Count());
        Assert.Equal(files.Length, files.Select(file => file.Rules[0].Header.Version).Distinct().Count());
        Assert.Equal(files[1].Hash, With("alice").Hash);
    }

    [Fact]
    public void A_correlation_has_another_version_where_a_rule_that_it_counts_has()
    {
        const string correlation = "\n---\ntitle: c\ncorrelation: {type: event_count, rules: [versioned], group-by: [eventSource], timespan: 1m, condition: {gte: 2}}";
        Assert.NotEqual(VersionOf(Versioned + correlation), VersionOf(Versioned.Replace("[A, B]", "[A]", StringComparison.Ordinal) + correlation));
        Assert.NotEqual(VersionOf(Versioned + correlation), VersionOf(Versioned + correlation.Replace("1m", "2m", StringComparison.Ordinal)));
    }

    /// <summary>Of the last rule or correlation of a file.</summary>
    private static string VersionOf(string file) => SigmaRuleSet.Of([new("f", Read(file))]).Headers.Last().Version;

    [Fact]
    public void All_mistakes_of_a_file_are_named_at_once_by_their_place()
    {
        var file = Read("""
            title: ''
            status: stabel
            level: severe
            logsource: {product: aws, service: cloudtrial}
            detection:
              s: {eventName|contans: x}
              condition: s
            yagura: {budget: often, type: x, resource: {type: bukket}, owners: me}
            tests: [{name: a, match: maybe}]
            """);
        Assert.Empty(file.Rules);
        Assert.Equal("""
            1:1: error: title is missing
            2:9: error: status: unknown word stabel; did you mean stable?
            3:8: error: level: unknown word severe; known are informational, low, medium, high, critical
            4:12: error: logsource: cloudtrial is no log of AWS that is read here; did you mean cloudtrail?
            6:7: error: unknown modifier contans; did you mean contains?
            8:18: error: yagura: budget: often is no number of findings in a time; write 3 per week (day, week, month)
            8:31: error: yagura: x is no finding type; write Purpose:Resource/Name, such as Custom:IAMUser/GuardrailChanged
            8:51: error: yagura: resource: unknown type bukket; did you mean bucket?
            8:60: error: yagura: unknown key owners; did you mean owner?
            9:26: error: tests: a: match is neither true nor false; write match: true or match: false
            """.ReplaceLineEndings("\n"), string.Join('\n', file.Problems));
    }

    [Theory]
    [InlineData("{product: windows, service: security}", "product windows, service security is no log that is read here; product aws with one of the services cloudtrail")]
    [InlineData("{category: process_creation, product: linux}", "category process_creation, product linux is no log that is read here")]
    [InlineData("{product: aws}", "logsource: the service is missing")]
    [InlineData("{}", "logsource: nothing is named")]
    [InlineData("aws", "logsource: expected a map of product and service")]
    public void A_rule_of_another_product_is_refused_for_that_reason(string logsource, string reason) =>
        Assert.Contains(reason, string.Join('\n', Read($"title: x\nlogsource: {logsource}\ndetection: {{s: {{a: b}}, condition: s}}").Problems), StringComparison.Ordinal);

    [Fact]
    public void Rules_of_the_audit_log_of_Kubernetes_are_those_of_EKS()
    {
        var file = Read("title: x\nlogsource: {category: application, product: kubernetes, service: audit}\ndetection: {s: {verb: create, objectRef.resource: pods}, condition: s}");
        Assert.Empty(file.Problems);
        Assert.Equal("aws/eks_audit", Assert.Single(file.Rules).Source.ToString());
    }

    [Theory]
    [InlineData("", "the file holds no rule")]
    [InlineData("- a", "expected a rule")]
    [InlineData("a: [", "2:1: error: not YAML")]
    [InlineData("a: *b", "1:4: error: the alias *b names nothing before it")]
    [InlineData("a: &b [*b]", "the alias *b names nothing before it")]
    [InlineData("action: global\ntitle: x", "collections (action) are of Sigma 1")]
    [InlineData("title: x\nlogsource: {product: aws, service: cloudtrail}\nfilter: {rules: [a], selection: {eventName: b}, condition: selection}", "a Sigma filter, which changes other rules, is not supported")]
    public void What_is_no_rule_is_refused(string yaml, string error) => Assert.Contains(error, string.Join('\n', Read(yaml).Problems), StringComparison.Ordinal);

    [Fact]
    public void What_is_too_large_is_refused_by_name()
    {
        Assert.Contains("at most 1,048,576 are allowed", Read(new string('#', (1 << 20) + 1)).Problems[0].Reason, StringComparison.Ordinal);
        Assert.Contains("more than 100 levels", Read("a: " + new string('[', 5_000)).Problems[0].Reason, StringComparison.Ordinal);
        Assert.Contains("at most", Read("title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName|re: '" + new string('x', 5_000) + "'}, condition: s}").Problems[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_aliases_cannot_stand_for_millions_of_values()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(level => $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n"));
        Assert.Contains("more than 200,000 values in one file", Read(bomb).Problems[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_mistake_and_no_exception() =>
        Assert.Contains(SigmaFile.Read(Encoding.UTF8.GetBytes("title: \"\\uD800\\u0041\"\n")).Problems, problem => problem.Reason == "not YAML: an escape that is no character");

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        var pieces = Gen.OneOf(
            Pick(Whole.Split('\n')), Gen.String,
            Pick("&a ", "*a", "!!str ", "!x ", "%YAML 1.2\n", "? ", ": ", "- ", "[", "]", "{", "}", "|", ">", "\"", "'", "\n", "  ", "\t", "---\n", "...\n", "<<: ", "\\uD800", "\u0000", "#"));
        pieces.Array[0, 40].Sample(parts => { Read(string.Join("\n", parts)); Read(string.Concat(parts)); }, iter: 3_000);
        Gen.Byte.Array[0, 200].Sample(bytes => { SigmaFile.Read(bytes); }, iter: 2_000);
        // One change to a whole rule, at each place.
        var whole = Encoding.UTF8.GetBytes(Whole);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var changed = whole.ToArray();
            changed[at] = value;
            SigmaFile.Read(changed);
        }, iter: 3_000);
    }

    private static Gen<string> Pick(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);
}
