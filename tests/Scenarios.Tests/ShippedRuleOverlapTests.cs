using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine.Rules;
using Yagura.Matching;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>Whoever scans with the shipped rules is told a thing once: by the finding type that is always on, or by one rule.</summary>
public sealed class ShippedRuleOverlapTests(ITestOutputHelper output)
{
    private static readonly SigmaRuleSet Rules = RuleFolder.Load(Repository.Path("rules/aws"));

    /// <summary>What may be said beside a rule of the same event, and why that is not the same thing.</summary>
    private static readonly Dictionary<(string Rule, string Other), string> Accepted = new()
    {
        [("root_password_changed", "Policy:IAMUser/RootCredentialUsage")] = "low and broad beside high and narrow: root was used, and its password is another one now",
        [("eks_service_account_token_stolen", "eks_exec_into_pod")] = "a command was run, which is low; what it took is high",
        [("eks_files_copied_from_pod", "eks_exec_into_pod")] = "a command was run, which is low; that it took files out is medium",
    };

    [Fact]
    public async Task A_scan_reports_the_positive_tests_of_a_rule_by_that_rule_and_no_finding_type()
    {
        var said = new HashSet<(string, string)>();
        var scanned = 0;
        foreach (var (rule, text) in Positive().Where(one => RuleDetectors.WhyUnasked(one.Rule) is null))
        {
            var record = new MemoryObjects([("record", Encoding.UTF8.GetBytes(RecordOf(rule.Source, JsonNode.Parse(text.Span)!.AsObject())))]);
            var report = await Scans.Run(record, Knowledge.Nothing, rules: Rules);
            Assert.Equal(1, report.Records.Sum(r => r.Analysed));
            Assert.Contains(report.Staged, staged => staged.Rule == rule.Header.Id);
            // What nobody does every day is out of the usual as well, whatever rule names it.
            said.UnionWith(report.Findings.Where(finding => finding.Explanation.Anomaly?.History is null).Select(finding => (rule.Header.Name!, finding.Type.Name)));
            scanned++;
        }
        output.WriteLine($"{scanned} events");
        Assert.Equal(Accepted.Keys.Where(pair => pair.Other.Contains(':', StringComparison.Ordinal)).Order(), said.Order());
    }

    [Fact]
    public void No_two_rules_match_the_same_event()
    {
        var matchers = Rules.Rules.GroupBy(rule => rule.Rule.Source).ToDictionary(log => log.Key, log =>
        {
            var matcher = new Matcher<string>();
            foreach (var rule in log) matcher.Add(rule.Rule.Header.Name!, rule.Rule.Condition);
            return matcher;
        });
        var said = new HashSet<(string, string)>();
        foreach (var (rule, text) in Positive())
        {
            var hits = new List<string>();
            Assert.Equal(EventFault.None, matchers[rule.Source].Match(text.Span, new MatchBuffer(), hits));
            said.UnionWith(hits.Where(hit => hit != rule.Header.Name).Select(hit => (rule.Header.Name!, hit)));
        }
        Assert.Equal(Accepted.Keys.Where(pair => !pair.Other.Contains(':', StringComparison.Ordinal)).Order(), said.Order());
    }

    private static IEnumerable<(SigmaRule Rule, ReadOnlyMemory<byte> Event)> Positive() =>
        from rule in Rules.Rules from test in rule.Rule.Tests where test.Match from one in test.Events select (rule.Rule, one);

    /// <summary>The event as its log has it: CloudTrail's is JSON already, a row of a text log is its fields in the order of the log.</summary>
    private static string RecordOf(LogSource log, JsonObject fields) =>
        log == SigmaLogSources.CloudTrail ? fields.ToJsonString()
        : log == SigmaLogSources.VpcFlow ? string.Join(' ', FlowFields.Select(field => fields[field]!.ToString()))
        : log == SigmaLogSources.S3Access ? AccessLine(fields)
        : throw new ArgumentException($"no record is made of {log}", nameof(log));

    private static readonly string[] FlowFields =
        ["version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "action", "log-status"];

    private static string AccessLine(JsonObject fields)
    {
        string Value(string name) => fields[name]?.ToString() ?? "-";
        var time = DateTimeOffset.Parse(Value("requestdatetime"), CultureInfo.InvariantCulture).ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return $"{Value("bucketowner")} {Value("bucket_name")} [{time}] {Value("remoteip")} {Value("requester")} {Value("requestid")} {Value("operation")} {Value("key")} \"{Value("request_uri")}\" "
            + $"{Value("httpstatus")} - {Value("bytessent")} - - - \"-\" \"{Value("useragent")}\" -";
    }
}
