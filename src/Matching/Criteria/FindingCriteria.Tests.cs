using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Matching;
using Yagura.Matching.Criteria;

namespace Yagura.Tests.Matching;

public sealed class FindingCriteriaTests
{
    [Theory]
    [InlineData("""{"severity":{"greaterThanOrEqual":8}}""", true)]
    [InlineData("""{"severity":{"greaterThan":8}}""", false)]
    [InlineData("""{"severity":{"gte":4,"lt":8}}""", false)]
    [InlineData("""{"severity":{"gte":4,"lte":8}}""", true)]
    [InlineData("""{"severity":{"equals":["7","8"]}}""", true)]
    [InlineData("""{"severity":{"eq":["4","5","6"]}}""", false)]
    [InlineData("""{"type":{"equals":["Backdoor:EC2/C&CActivity.B"]}}""", true)]
    [InlineData("""{"type":{"equals":["backdoor:ec2/c&cactivity.b"]}}""", false)]
    [InlineData("""{"type":{"matches":["Backdoor:*"]}}""", true)]
    [InlineData("""{"type":{"notMatches":["Backdoor:*"]}}""", false)]
    [InlineData("""{"type":{"neq":["a","b"]},"region":{"equals":["eu-west-1"]}}""", true)]
    [InlineData("""{"type":{"neq":["a","b"]},"region":{"equals":["us-east-1"]}}""", false)]
    [InlineData("""{"service.archived":{"equals":["false"]}}""", true)]
    [InlineData("""{"service.additionalInfo.threatListName":{"equals":["c2.txt"]}}""", true)]
    [InlineData("""{"service.action.networkConnectionAction.remoteIpDetails.organization.asn":{"equals":["64496"],"greaterThan":64000}}""", true)]
    [InlineData("""{"service.action.networkConnectionAction.localPortDetails.port":{"equals":["40022"]}}""", true)]
    [InlineData("""{"service.action.networkConnectionAction.blocked":{"equals":["true"]}}""", false)]
    [InlineData("""{"resource.instanceDetails.tags.value":{"equals":["web-1"]}}""", true)]
    [InlineData("""{"resource.instanceDetails.tags.value":{"notEquals":["web-1"]}}""", false)]
    [InlineData("""{"resource.instanceDetails.networkInterfaces.securityGroups.groupId":{"matches":["sg-?a"]}}""", true)]
    [InlineData("""{"resource.instanceDetails.networkInterfaces.ipv6Addresses":{"equals":["2001:db8::5"]}}""", true)]
    public void Conditions_on_a_connection_hold_as_guardduty_says(string criterion, bool expected) =>
        Assert.Equal(expected, Parse(criterion).Matches(SampleFindings.Connection));

    [Theory]
    [InlineData("""{"resource.lambdaDetails.functionName":{"equals":["f"]}}""", false)]
    [InlineData("""{"resource.lambdaDetails.functionName":{"matches":["*"]}}""", false)]
    [InlineData("""{"resource.lambdaDetails.functionName":{"greaterThan":-1}}""", false)]
    [InlineData("""{"resource.lambdaDetails.functionName":{"notEquals":["f"]}}""", true)]
    [InlineData("""{"resource.lambdaDetails.functionName":{"notMatches":["*"]}}""", true)]
    public void A_path_that_leads_nowhere_has_no_value(string criterion, bool expected) =>
        Assert.Equal(expected, Parse(criterion).Matches(SampleFindings.Connection));

    [Theory]
    [InlineData("updatedAt", 1_772_337_906_789)]
    [InlineData("service.eventLastSeen", 1_772_334_306_789)]
    [InlineData("resource.s3BucketDetails.createdAt", 1_763_697_906_789)]
    public void Times_are_milliseconds_of_the_epoch(string path, long milliseconds)
    {
        foreach (var (test, expected) in ((string, bool)[])[($"\"gte\":{milliseconds}", true), ($"\"gt\":{milliseconds}", false), ($"\"lte\":{milliseconds}", true), ($"\"equals\":[\"{milliseconds}\"]", true)])
        {
            Assert.Equal(expected, Parse($"{{\"{path}\":{{{test}}}}}").Matches(SampleFindings.ApiCall));
        }
    }

    [Theory]
    [InlineData("outpostARN")]
    [InlineData("outpostArn")]
    public void Both_spellings_of_the_outpost_find_it(string spelling)
    {
        var finding = SampleFindings.Connection with
        {
            Resource = SampleFindings.Connection.Resource with { InstanceDetails = new() { OutpostArn = "arn:aws:outposts:eu-west-1:111122223333:outpost/op-1" } },
        };
        Assert.True(Parse($"{{\"resource.instanceDetails.{spelling}\":{{\"matches\":[\"*op-1\"]}}}}").Matches(finding));
    }

    [Fact]
    public void Numbers_are_compared_as_whole_numbers()
    {
        var finding = SampleFindings.Connection with { Severity = 6.9 };
        Assert.True(Parse("""{"severity":{"equals":["6"],"lessThanOrEqual":6}}""").Matches(finding));
        Assert.False(Parse("""{"severity":{"greaterThan":6}}""").Matches(finding));
    }

    [Fact]
    public void The_cli_spelling_in_capitals_means_the_same()
    {
        Assert.True(FindingCriteria.TryParse("""{"Criterion":{"severity":{"Gte":8},"type":{"Eq":["Backdoor:EC2/C&CActivity.B"]}}}"""u8.ToArray(), out var criteria, out _));
        Assert.True(criteria.Matches(SampleFindings.Connection));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var fifty = string.Join(',', Enumerable.Repeat("\"x\"", 51));
        Assert.Equal(
            [
                "resource.instanceDetails.instanceID: unknown path; did you mean resource.instanceDetails.instanceId?",
                "sevrity: unknown path; did you mean severity?",
                "something.else: unknown path",
                "severity.greaterThan: expected a whole number; times are milliseconds of the Unix epoch",
                "type.equal: unknown operator; known are equals, notEquals, greaterThan, greaterThanOrEqual, lessThan, lessThanOrEqual, matches, notMatches",
                "region.equals: 5 is not a text; numbers and flags are written in quotes here",
                "accountId.equals: 51 values; at most 50 are allowed",
                "id.matches: 6 values; at most 5 are allowed",
                "arn.matches: *?*?*? holds 6 wildcards; at most 5 are allowed",
                "partition: names no operator",
                "createdAt.equals: the list is empty",
            ],
            Errors($$$"""
                {"resource.instanceDetails.instanceID":{"equals":["a"]},"sevrity":{"gt":1},"something.else":{"gt":1},"severity":{"greaterThan":"4"},"type":{"equal":["a"]},
                 "region":{"equals":[5]},"accountId":{"equals":[{{{fifty}}}]},"id":{"matches":["a","a","a","a","a","a"]},"arn":{"matches":["*?*?*?"]},"partition":{},
                 "createdAt":{"equals":[]}}
                """));
    }

    [Theory]
    [InlineData("", "not JSON: line 1, byte 1")]
    [InlineData("{\n\"criterion\":{,}}", "not JSON: line 2, byte 14")]
    [InlineData("[]", "expected an object with the key \"criterion\"")]
    [InlineData("{}", "expected an object with the key \"criterion\"")]
    [InlineData("{\"criterion\":{}}", "criterion: names no path, so every finding would match")]
    [InlineData("{\"criterion\":[]}", "criterion: expected an object of paths")]
    [InlineData("{\"criterion\":{\"type\":[\"a\"]}}", "type: expected an object of operators, such as {\"equals\": [\"…\"]}")]
    [InlineData("{\"criterion\":{\"type\":{\"equals\":[\"a\"],\"eq\":[\"b\"]}}}", "type.eq: the same operator stands here twice")]
    [InlineData("{\"criterion\":{\"id\":{\"gt\":1},\"id\":{\"gt\":1}}}", "id: named twice")]
    [InlineData("{\"criterion\":{\"id\":{\"equals\":[\"\\ud800\"]}}}", "a text holds an escape that is no character")]
    public void What_is_no_criteria_is_refused_with_its_place(string json, string expected)
    {
        Assert.False(FindingCriteria.TryParse(Encoding.UTF8.GetBytes(json), out _, out var errors));
        Assert.Equal([expected], errors);
    }

    [Fact]
    public void More_than_fifty_paths_are_too_many()
    {
        using var stream = typeof(FindingCriteria).Assembly.GetManifestResourceStream("Yagura.Matching.finding-paths.txt")!;
        var paths = new StreamReader(stream).ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Assert.Equal(593, paths.Length);
        Assert.Equal(593, paths.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(Errors("{" + string.Join(',', paths.Take(50).Select(path => $"\"{path}\":{{\"gt\":1}}")) + "}"));
        Assert.Equal(["criterion: 51 paths; at most 50 are allowed"], Errors("{" + string.Join(',', paths.Take(51).Select(path => $"\"{path}\":{{\"gt\":1}}")) + "}"));
    }

    [Theory]
    [InlineData("""{"service.additionalInfo.anomalies.anomalousAPIs":{"matches":["*GetSecretValue:success*"]}}""")]
    [InlineData("""{"service.additionalInfo.userAgent.userAgentCategory":{"equals":["aws-cli"]}}""")]
    public void Unusual_behaviour_is_found_by_what_it_was(string criterion) => Assert.True(Parse(criterion).Matches(SampleFindings.Behaviour));

    [Fact]
    public void Many_criteria_are_answered_by_one_matcher()
    {
        var matcher = new Matcher<int>();
        for (var bound = 0; bound < 100; bound++) matcher.Add(bound, Parse($"{{\"severity\":{{\"gte\":{bound}}},\"type\":{{\"notMatches\":[\"*{bound}\"]}}}}").ToCondition());
        List<int> hits = [];
        matcher.Match(FindingJson.ToUtf8(SampleFindings.Connection), new MatchBuffer(), hits);
        Assert.Equal(Enumerable.Range(0, 9), hits.Order());
    }

    [Fact]
    public void All_that_the_limits_allow_is_matched() => Assert.False(CriteriaSqlTests.LargestCriteria().Matches(SampleFindings.Connection));

    [Fact]
    public void Patterns_and_texts_beyond_the_limits_are_refused_before_they_cost_anything() => Assert.Equal(
        ["type.matches: 200000 values; at most 5 are allowed", "id.equals: 200000 values; at most 50 are allowed"],
        Errors($"{{\"type\":{{\"matches\":[{string.Join(',', Enumerable.Repeat("\"*a?\"", 200_000))}]}},\"id\":{{\"equals\":[{string.Join(',', Enumerable.Repeat("\"x\"", 200_000))}]}}}}"));

    [Fact]
    public void A_flood_of_mistakes_is_cut_short()
    {
        var errors = Errors("{" + string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"x{number}\":1")) + "}");
        Assert.Equal(51, errors.Count);
        Assert.Equal("and 951 more", errors[^1]);
    }

    [Fact]
    public void Every_value_of_a_finding_is_found_by_its_own_path_and_its_negation_never() => SampleFindings.Any.Sample(finding =>
    {
        using var json = JsonDocument.Parse(FindingJson.ToUtf8(finding));
        foreach (var (path, value) in Values(json.RootElement, ""))
        {
            var text = JsonSerializer.Serialize(value);
            if (!FindingCriteria.TryParse(Encoding.UTF8.GetBytes($"{{\"criterion\":{{\"{path}\":{{\"equals\":[{text}]}}}}}}"), out var equal, out var errors))
            {
                Assert.Contains("unknown path", Assert.Single(errors), StringComparison.Ordinal);
                continue;
            }
            Assert.True(equal.Matches(finding), $"{path} equals {text}");
            Assert.False(Parse($"{{\"{path}\":{{\"notEquals\":[{text}]}}}}").Matches(finding), $"{path} notEquals {text}");
        }
    });

    [Fact]
    public void Exactly_one_of_greater_and_not_greater_holds() => Gen.Select(SampleFindings.Any, Gen.Int[-1, 11]).Sample((finding, bound) =>
        Assert.NotEqual(Parse($"{{\"severity\":{{\"greaterThan\":{bound}}}}}").Matches(finding), Parse($"{{\"severity\":{{\"lessThanOrEqual\":{bound}}}}}").Matches(finding)));

    [Fact]
    public void Damaged_criteria_are_refused_or_read_but_never_throw()
    {
        var good = """{"criterion":{"severity":{"gte":4,"lt":9},"type":{"matches":["Recon:*","a?b"]},"resource.instanceDetails.tags.key":{"neq":["x","y"]}}}"""u8.ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var damaged = good.ToArray();
            damaged[at] = value;
            foreach (var bytes in (ReadOnlyMemory<byte>[])[damaged, damaged.AsMemory(0, length)])
            {
                if (FindingCriteria.TryParse(bytes, out var criteria, out var errors)) criteria.Matches(SampleFindings.Connection);
                else Assert.NotEmpty(errors);
            }
        });
    }

    // Times are compared as epoch milliseconds and numbers as whole numbers, so only texts, flags and whole numbers stand for themselves.
    private static IEnumerable<(string Path, string Value)> Values(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Values(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Values(item, path)),
        JsonValueKind.String when !FindingPaths.IsTime(path) => [(path, element.GetString()!)],
        JsonValueKind.Number when element.TryGetInt64(out var number) && !FindingPaths.IsTime(path) => [(path, number.ToString())],
        JsonValueKind.True => [(path, "true")],
        JsonValueKind.False => [(path, "false")],
        _ => [],
    };

    private static FindingCriteria Parse(string criterion)
    {
        Assert.True(FindingCriteria.TryParse(Encoding.UTF8.GetBytes($"{{\"criterion\":{criterion}}}"), out var criteria, out var errors), string.Join('\n', errors));
        return criteria;
    }

    private static IReadOnlyList<string> Errors(string criterion)
    {
        FindingCriteria.TryParse(Encoding.UTF8.GetBytes($"{{\"criterion\":{criterion}}}"), out _, out var errors);
        return errors;
    }
}
