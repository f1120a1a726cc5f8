using System.Text;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine.Reading;
using Yagura.Engine.Rules;
using Yagura.Matching.Sigma;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>Sigma rules, asked about the records of a scan.</summary>
public sealed class RulesInScanTests
{
    private const string KeyMade = """
        title: A key was made
        id: 11111111-1111-4111-8111-111111111111
        name: key_made
        status: stable
        description: Somebody made an access key.
        tags: [attack.t1098.001]
        logsource: {product: aws, service: cloudtrail}
        detection:
          selection: {eventSource: iam.amazonaws.com, eventName: createaccesskey}
          condition: selection
        fields: [requestParameters.userName]
        level: high
        yagura: {budget: 2 per week}
        """;

    private static SigmaRuleSet Set(params string[] files)
    {
        var set = SigmaRuleSet.Of(files.Select((file, i) => new NamedSigmaFile($"{i}.yml", SigmaFile.Read(Encoding.UTF8.GetBytes(file)))));
        Assert.DoesNotContain(set.Problems, problem => problem.Problem.IsError);
        return set;
    }

    private static string Call(string user, string time, string name = "CreateAccessKey", string more = "") =>
        $$"""{"eventVersion":"1.08","eventTime":"{{time}}","eventSource":"iam.amazonaws.com","eventName":"{{name}}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/{{user}}","accountId":"111122223333","userName":"{{user}}"},"requestParameters":{"userName":"bob"},"recipientAccountId":"111122223333","eventID":"{{Guid.NewGuid()}}"{{more}}}""";

    private static (string, byte[]) Trail(string name, params IEnumerable<string> calls) => (name, Encoding.UTF8.GetBytes($$"""{"Records":[{{string.Join(',', calls)}}]}"""));

    private static Task<ScanReport> Scan(SigmaRuleSet rules, string? state, params (string, byte[])[] objects) => Scan(rules, state, 1_000, objects);

    private static Task<ScanReport> Scan(SigmaRuleSet rules, string? state, int objectsPerSnapshot, params (string, byte[])[] objects) => Engine.Scan.Run(
        [new MemoryObjects(objects)],
        new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", state, Readers: 2)
        {
            Rules = rules, Detectors = DetectorSet.With(RuleDetectors.Of(rules)), ObjectsPerSnapshot = objectsPerSnapshot,
        },
        progress: null, TimeProvider.System, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_rule_makes_findings_of_its_own_type_with_its_own_words()
    {
        var report = await Scan(Set(KeyMade), null, Trail("a", Call("ada", "2026-03-01T09:30:00Z"), Call("ada", "2026-03-01T09:31:00Z"), Call("ada", "2026-03-01T09:31:00Z", "ListUsers")));
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("Custom:IAMUser/AKeyWasMade", "A key was made", "Somebody made an access key.", 2), (finding.Type.Name, finding.Title, finding.Description, finding.Service.Count));
        Assert.Equal("A key was made: userName bob", finding.Explanation.Why);
        Assert.Contains(new("techniques", "T1098.001"), finding.Service.AdditionalInfo);
        Assert.Empty(report.DetectorFailures);
    }

    [Fact]
    public async Task A_record_made_to_take_long_keeps_only_the_rules_it_was_made_for_from_being_asked()
    {
        var slow = KeyMade.Replace("A key was made", "Slow", StringComparison.Ordinal).Replace("11111111-1111", "22222222-2222", StringComparison.Ordinal).Replace("key_made", "slow", StringComparison.Ordinal)
            .Replace("eventName: createaccesskey", "userAgent|re: '(a|b)*a(a|b){300}c'", StringComparison.Ordinal);
        var random = new Random(7);
        var agent = new string([.. Enumerable.Range(0, 400_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b')]);
        var report = await Scan(Set(KeyMade, slow), null, Trail("a", Call("ada", "2026-03-01T09:30:00Z", more: $",\"userAgent\":\"{agent}\"")));
        Assert.Equal("A key was made", Assert.Single(report.Findings).Title);
        var failure = Assert.Single(report.DetectorFailures);
        Assert.False(failure.IsBug);
        Assert.Contains("some rules were not asked", failure.Message, StringComparison.Ordinal);

        var many = await Scan(Set(KeyMade, slow), null, Trail("a", Enumerable.Range(0, 25).Select(i => Call($"u{i}", "2026-03-01T09:30:00Z", more: $",\"userAgent\":\"{agent}\""))));
        Assert.Equal(25, many.DetectorFailures.Count + many.MoreDetectorFailures);
    }
    private static readonly string OnTrial = KeyMade.Replace("status: stable", "status: test", StringComparison.Ordinal);

    /// <summary>One object a day from the first of March on, with a record that no rule is about.</summary>
    private static (string, byte[])[] QuietDays(int days) => [.. Enumerable.Range(1, days).Select(day => Trail($"day-{day}", Call("quiet", $"2026-03-{day:00}T10:30:00Z", "ListUsers")))];

    [Theory]
    [InlineData(6, 1, "2 per week", false, "6 of 7 days with logs seen")]
    [InlineData(7, 0, "2 per week", true, "within the budget of 2 per week on 7 days with logs")]
    [InlineData(7, 2, "2 per week", true, "within the budget of 2 per week on 7 days with logs")]
    [InlineData(7, 3, "2 per week", false, "3 in one account, over the budget of 2 per week")]
    [InlineData(6, 1, "2 per day", false, "6 of 7 days with logs seen")]
    [InlineData(29, 1, "2 per month", false, "29 of 30 days with logs seen")]
    [InlineData(30, 1, "2 per month", true, "within the budget of 2 per month on 30 days with logs")]
    public async Task A_rule_on_trial_is_held_back_until_its_noise_is_known(int days, int users, string budget, bool promoted, string why)
    {
        var rules = Set(OnTrial.Replace("2 per week", budget, StringComparison.Ordinal));
        var keys = Enumerable.Range(0, users).Select(i => Call($"u{i}", "2026-03-01T09:30:00Z"));
        var report = await Scan(rules, null, [Trail("a", keys), .. QuietDays(days)]);
        var staged = Assert.Single(report.Staged);
        Assert.Equal((promoted, users, why), (staged.Trial.Promoted, staged.Findings.Count, staged.Trial.Why));
        Assert.Equal(promoted ? users : 0, report.Findings.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task A_trial_goes_on_over_scans_with_one_state_however_the_logs_are_cut_ordered_or_repeated(int objectsPerSnapshot)
    {
        var rules = Set(OnTrial);
        (string, byte[])[] objects = [Trail("a", Call("ada", "2026-03-01T09:30:00Z")), Trail("b", Call("eve", "2026-03-04T09:30:00Z")), .. QuietDays(7)];
        var whole = Assert.Single((await Scan(rules, null, objects)).Staged);
        Assert.True(whole.Trial.Promoted);

        await InFolder(async folder =>
        {
            foreach (var one in objects.Reverse().SkipLast(1))
            {
                var report = await Scan(rules, folder, objectsPerSnapshot, one, one);
                Assert.Equal(report.Staged.Single().Trial.Promoted ? report.Staged.Single().Findings.Count : 0, report.Findings.Count);
            }
            var before = Assert.Single((await Scan(rules, folder, objectsPerSnapshot, objects[1..])).Staged);
            Assert.Equal((1, "within the budget of 2 per week on 7 days with logs"), (before.Trial.Findings, before.Trial.Why));
            var last = await Scan(rules, folder, objectsPerSnapshot, objects);
            Assert.Equal(whole.Trial, Assert.Single(last.Staged).Trial);
            Assert.Equal(2, last.Findings.Count);
        });
    }

    [Fact]
    public async Task A_rule_that_finds_something_else_begins_its_trial_anew_and_one_with_other_words_does_not()
    {
        var objects = QuietDays(7);
        (string, byte[]) key = Trail("key", Call("ada", "2026-03-01T09:30:00Z")), next = Trail("next", Call("quiet", "2026-03-08T10:30:00Z", "ListUsers"));
        await InFolder(async folder =>
        {
            Assert.Single((await Scan(Set(OnTrial), folder, [key, .. objects])).Findings);

            var reworded = OnTrial.Replace("Somebody made an access key.", "An access key was made.", StringComparison.Ordinal).Replace("2 per week", "3 per week", StringComparison.Ordinal);
            var other = await Scan(Set(reworded), folder, next);
            Assert.Equal("within the budget of 3 per week on 8 days with logs", Assert.Single(other.Staged).Trial.Why);
            Assert.Single(other.Findings);

            // What the earlier text found is neither reported nor held against the new one.
            var changed = await Scan(Set(OnTrial.Replace("createaccesskey", "deleteaccesskey", StringComparison.Ordinal)), folder, next);
            Assert.Empty(changed.Findings);
            Assert.Equal(["1 of 7 days with logs seen", "the rule has been changed since"], changed.Staged.Select(rule => rule.Trial.Why).Order(StringComparer.Ordinal));

            var without = await Scan(SigmaRuleSet.Empty, folder, next);
            Assert.Equal("the rule is not among those of this scan", Assert.Single(without.Staged).Trial.Why);
        });
    }

    [Fact]
    public async Task Only_days_of_its_own_log_count_for_a_rule()
    {
        var flows = OnTrial.Replace("cloudtrail", "vpcflow", StringComparison.Ordinal).Replace("{eventSource: iam.amazonaws.com, eventName: createaccesskey}", "{dstport: 3389}", StringComparison.Ordinal)
            .Replace("fields: [requestParameters.userName]", "", StringComparison.Ordinal);
        Assert.Equal("0 of 7 days with logs seen", Assert.Single((await Scan(Set(flows), null, QuietDays(7))).Staged).Trial.Why);
    }

    private static async Task InFolder(Func<string, Task> test)
    {
        var folder = Directory.CreateTempSubdirectory("yagura-rules-").FullName;
        try
        {
            await test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Root(string time) => Call("ada", time, "CreateUser").Replace("\"type\":\"IAMUser\"", "\"type\":\"Root\"", StringComparison.Ordinal);

    [Fact]
    public async Task A_rule_on_trial_hides_no_finding_of_a_shipped_detector_or_of_another_rule()
    {
        var trial = """
            title: Root did something
            status: test
            logsource: {product: aws, service: cloudtrail}
            detection:
              selection: {userIdentity.type: Root}
              condition: selection
            yagura: {type: "Policy:IAMUser/RootCredentialUsage"}
            """;
        var report = await Scan(Set(trial, trial.Replace("status: test", "status: stable", StringComparison.Ordinal).Replace("Root did", "Root has done", StringComparison.Ordinal)), null, Trail("a", Root("2026-03-01T09:30:00Z")));
        Assert.Equal(2, report.Findings.Count);
        Assert.All(report.Findings, finding => Assert.Equal("Policy:IAMUser/RootCredentialUsage", finding.Type.Name));
        Assert.Single(Assert.Single(report.Staged).Findings);
    }

    [Fact]
    public async Task A_rule_says_what_its_findings_are_about()
    {
        static string Rule(string title, string selection, string service, string resource) => $$"""
            title: {{title}}
            logsource: {product: aws, service: {{service}}}
            detection:
              selection: { {{selection}} }
              condition: selection
            yagura: {resource: { {{resource}} } }
            """;
        var report = await Scan(
            Set(
                Rule("Bucket named elsewhere", "eventName: CreateUser", "cloudtrail", "type: bucket, id: requestParameters.userName"),
                Rule("Instance named", "eventName: CreateUser", "cloudtrail", "type: instance, id: sourceIPAddress"),
                Rule("Remote end", "dstport: 3389", "vpcflow", "type: instance, id: srcaddr")),
            null, Trail("a", Call("ada", "2026-03-01T09:30:00Z", "CreateUser")),
            ("f.log", "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n2 111122223333 eni-1 198.51.100.9 10.0.0.5 40000 3389 6 9 900 1772357400 1772357460 ACCEPT OK\n"u8.ToArray()));
        Assert.Empty(report.DetectorFailures);
        string IdOf(string title) => report.Findings.Single(f => f.Title == title).Id;
        Assert.Equal("bob", report.Findings.Single(f => f.Title == "Bucket named elsewhere").Resource.S3BucketDetails.Single().Name);
        Assert.Equal("192.0.2.7", report.Findings.Single(f => f.Title == "Instance named").Resource.InstanceDetails?.InstanceId);
        Assert.Equal(3, new[] { "Bucket named elsewhere", "Instance named", "Remote end" }.Select(IdOf).Distinct().Count());
    }

    private const string Guessing = """
        title: Many keys in a short time
        id: 22222222-2222-4222-8222-222222222222
        status: stable
        correlation:
          type: event_count
          rules: [key_made]
          group-by: [userIdentity.arn]
          timespan: 10m
          condition: {gte: 3}
        level: high
        """;

    [Fact]
    public async Task A_correlation_counts_across_objects_in_any_order_and_through_a_state_folder()
    {
        var rules = Set(KeyMade, Guessing);
        var objects = Enumerable.Range(0, 4).Select(i => Trail($"o{i}", Call("ada", $"2026-03-01T09:3{i}:00Z"), Call("eve", $"2026-03-01T1{i}:00:00Z"))).ToArray();
        var forward = Assert.Single((await Scan(rules, null, objects)).Findings);
        Assert.Equal(("Custom:IAMUser/ManyKeysInAShortTime", 4), (forward.Type.Name, forward.Service.Count));
        Assert.Contains("4 records within 3 min, userIdentity.arn arn:aws:iam::111122223333:user/ada", forward.Explanation.Why, StringComparison.Ordinal);

        var backward = Assert.Single((await Scan(rules, null, [.. objects.Reverse(), objects[0]])).Findings);
        Assert.Equal((forward.Id, forward.Explanation.Why, forward.Service.Count), (backward.Id, backward.Explanation.Why, backward.Service.Count));

        await InFolder(async folder =>
        {
            Assert.Empty((await Scan(rules, folder, objects[..2])).Findings);
            var resumed = Assert.Single((await Scan(rules, folder, objects[2..])).Findings);
            Assert.Equal((forward.Id, forward.Explanation.Why), (resumed.Id, resumed.Explanation.Why));
        });
    }

    [Fact]
    public async Task Rules_are_asked_about_flows_queries_and_access_logs_by_their_own_field_names()
    {
        string Rule(string service, string selection) => $"""
            title: {service} rule
            id: {Guid.NewGuid()}
            status: stable
            logsource: {"{"}product: aws, service: {service}{"}"}
            detection:
              selection: {"{"}{selection}{"}"}
              condition: selection
            level: low
            """;
        var report = await Scan(
            Set(Rule("vpcflow", "dstport: 3389, dstaddr|cidr: 10.0.0.0/8, az-id: use1-az1"), Rule("route53_resolver", "query_name|endswith: .bad.example."), Rule("s3_access", "bucket_name: ledger, httpstatus: 200, referrer: 'https://a.example/\"x', requester: null")),
            null,
            ("f.log", "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status az-id\n5 111122223333 eni-1 198.51.100.9 10.0.0.5 40000 3389 6 9 900 1772357400 1772357460 ACCEPT OK use1-az1\n5 111122223333 eni-1 198.51.100.9 10.0.0.5 40000 3389 6 9 900 1772357400 1772357460 ACCEPT OK use1-az2\n"u8.ToArray()),
            ("d.json", """{"version":"1.1","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-1","query_timestamp":"2026-03-01T09:30:00Z","query_name":"x.bad.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[],"srcaddr":"10.0.0.5","srcport":"5353","transport":"UDP","srcids":{"instance":"i-1"}}"""u8.ToArray()),
            ("s.log", "0owner ledger [01/Mar/2026:09:30:00 +0000] 192.0.2.3 - 3E57427F3EXAMPLE REST.GET.OBJECT cat.jpg \"GET /cat.jpg HTTP/1.1\" 200 - 113 4096 7 5 \"https://a.example/\"x\" \"agent\" - s9lz= SigV4 - AuthHeader h.example TLSv1.3 - -\n"u8.ToArray()));
        Assert.Equal("eni-1", report.Findings.Single(f => f.Type.Name == "Custom:EC2/VpcflowRule").Resource.InstanceDetails?.NetworkInterfaces.Single().NetworkInterfaceId);
        Assert.Equal(["Custom:EC2/Route53ResolverRule", "Custom:EC2/VpcflowRule", "Custom:S3/S3AccessRule"], report.Findings.Select(f => f.Type.Name).Order(StringComparer.Ordinal));
        Assert.All(report.Findings, finding => Assert.Equal(1, finding.Service.Count));
        Assert.Empty(report.DetectorFailures);
    }

    [Fact]
    public void Rules_are_read_again_when_their_files_change_and_a_mistake_keeps_the_last_good_ones()
    {
        var folder = Directory.CreateTempSubdirectory("yagura-watch-").FullName;
        try
        {
            var file = Path.Combine(folder, "a.yml");
            File.WriteAllText(file, KeyMade);
            List<SigmaRuleSet> changes = [];
            List<FileProblem> refusals = [];
            using var watch = new RuleWatch(folder, null, changes.Add, refusals.AddRange, TimeProvider.System, TimeSpan.FromDays(1));
            watch.Look();
            Assert.Equal((1, 0), (changes.Count, refusals.Count));

            File.WriteAllText(file, KeyMade.Replace("eventSource", "eventSorce", StringComparison.Ordinal));
            watch.Look();
            watch.Look();
            Assert.Equal("A key was made", Assert.Single(watch.Current.Rules).Rule.Header.Title);
            Assert.Contains("eventSource", Assert.Single(refusals).Problem.Text, StringComparison.Ordinal);

            File.WriteAllText(file, KeyMade.Replace("A key was made", "A key was created", StringComparison.Ordinal));
            watch.Look();
            Assert.Equal("A key was created", Assert.Single(changes[1].Rules).Rule.Header.Title);
            Assert.Same(changes[1], watch.Current);

            File.WriteAllText(file, "mistake");
            watch.Look();
            File.WriteAllText(file, KeyMade.Replace("A key was made", "A key was created", StringComparison.Ordinal));
            watch.Look();
            Assert.Equal((changes[1].Hash, 3, 2), (watch.Current.Hash, changes.Count, refusals.Count));

            File.WriteAllText(Path.Combine(folder, "a.tests.yml"), "- {name: any, match: true, event: {eventSource: iam.amazonaws.com, eventName: CreateAccessKey}}");
            watch.Look();
            Assert.Single(Assert.Single(changes[3].Rules).Rule.Tests);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
