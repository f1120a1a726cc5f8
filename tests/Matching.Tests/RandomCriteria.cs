using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core.Findings;

namespace Yagura.Tests.Matching;

/// <summary>Random criteria, as JSON, and findings whose values they are near to: some as a scan makes them, some damaged, some of odd shapes.</summary>
internal static class RandomCriteria
{
    // Texts, flags, numbers, times and lists, from both lists of paths; several go through the same objects.
    private static readonly string[] Paths =
    [
        "type", "severity", "accountId", "id", "region", "updatedAt", "createdAt", "service.archived", "service.count", "service.eventLastSeen", "service.additionalInfo.threatListName",
        "service.additionalInfo.userAgent.fullUserAgent", "service.action.networkConnectionAction.localPortDetails.port", "service.action.networkConnectionAction.blocked",
        "service.action.networkConnectionAction.remoteIpDetails.organization.asn", "service.action.networkConnectionAction.remoteIpDetails.geoLocation.lat",
        "service.runtimeDetails.process.lineage.startTime", "resource.instanceDetails.tags.key", "resource.instanceDetails.tags.value", "resource.instanceDetails.instanceId",
        "resource.instanceDetails.launchTime", "resource.instanceDetails.outpostARN", "resource.instanceDetails.networkInterfaces.ipv6Addresses",
        "resource.instanceDetails.networkInterfaces.securityGroups.groupId", "resource.s3BucketDetails.createdAt", "resource.kubernetesDetails.kubernetesWorkloadDetails.hostIpc",
    ];

    private static readonly string[] Texts =
    [
        "", "a", "b", "ab", "abc", "aBc", "ABC", "a*b", "a?b", "a[b]c", "[a-z]", "%", "a_b", @"a\b", "é", "e\u0301", "日本", "日本語", "😀", "a😀b", "\"", "'", "a\nb", "true", "false", "null", "0", "5",
        "-5", "+5", "007", "5.0", "5.9", "8", "64496", "111122223333", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "12345678901234567890123", "-", "1e3", " 5", "5 ",
        "Recon:EC2/Portscan", "Backdoor:EC2/C&CActivity.B", "eu-west-1", "i-0123456789abcdef0", "sg-0a", "web-1", "2001:db8::5", "1769938200000", "1769938200123", "1000", "-1000",
        "2026-02-01T09:30:00Z", "2026-02-01T09:30:00.123Z", "2026-02-01T09:30:00.1239999999Z", "2026-02-01T09:30:00.1Z", "2026-02-01T18:30:00+09:00", "2026-02-01T09:30:00", "2026-02-01T09:29:00-00:01",
        "2026-02-01T09:30:00.Z", "2026-02-01T09:30Z", "2026-02-01 09:30:00Z", "2026-02-01T09:30:00z", "2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "2026-02-01T24:00:00Z", "2026-02-01T09:30:60Z",
        "2026-13-01T00:00:00Z", "2026-02-01T09:30:00+15:00", "2026-02-01T09:30:00+14:59", "2026-02-01T09:30:00+09:60", "2026-02-01T09:30:00+0900", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z", "2026-02-01", "now", "2461073.5",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-0.0", "1", "4", "4.0", "8", "8.0", "8.9", "7.999", "-1", "-0.5", "-8.9", "0.49", "0.999999", "1e3", "1.0E+3", "10e-1", "1e-7", "1e-400", "5e-324", "1e18", "1e19", "-1e30", "1e300", "1e400",
        "64496", "22", "443", "9007199254740991", "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "12345678901234567890123", "1769938200", "1769938200.123",
        "1769938200.1234", "1769938200.9996", "0.0004", "0.0005", "-0.0006", "-1.5", "1.5005",
    ];

    private static readonly long[] Bounds =
    [
        0, 1, -1, 4, 5, 7, 8, 9, -5, -8, 22, 64496, 1000, -1000, -1500, 1501, 111_122_223_333, 1_769_938_200_000, 1_769_938_200_122, 1_769_938_200_123, 1_769_938_200_100, 1_772_337_906_789, 9_007_199_254_740_993,
        long.MaxValue, long.MinValue, long.MaxValue - 1, -62_135_596_800_000, 253_402_300_799_999,
    ];

    private static readonly Gen<string> Text = Gen.Frequency((9, Pick(Texts)), (1, Pick(Numbers)));

    private static readonly Gen<string> Pattern = Gen.Select(Text, Gen.Select(Gen.Int[0, 40], Pick("*", "?", "**", "*?", "??", "?*?"), Gen.Int[0, 3]).Array[0, 2]).Select((text, edits) =>
    {
        foreach (var (at, wildcard, cut) in edits)
        {
            var start = Math.Min(at, text.Length);
            text = text[..start] + wildcard + text[Math.Min(text.Length, start + cut)..];
        }
        // Not more wildcards than are allowed, and no half of a pair.
        return text.Count(c => c is '*' or '?') <= 5 && text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar) ? text : "*";
    });

    private static readonly Gen<string> Test = Gen.OneOf(
        Gen.Select(Pick("equals", "notEquals"), Text.Array[1, 4], (name, texts) => $"\"{name}\":{Written(texts)}"),
        Gen.Select(Pick("matches", "notMatches"), Pattern.Array[1, 3], (name, patterns) => $"\"{name}\":{Written(patterns)}"),
        Gen.Select(Pick("greaterThan", "greaterThanOrEqual", "lessThan", "lessThanOrEqual"), Gen.OneOf(Gen.Int[0, Bounds.Length - 1].Select(at => Bounds[at]), Gen.Long), (name, bound) => $"\"{name}\":{bound}"));

    private static readonly Gen<string> Conditions =
        Gen.Select(Pick(Paths), Test.Array[1, 2], (path, tests) => $"\"{path}\":{{{string.Join(',', tests.DistinctBy(test => test.Split(':')[0]))}}}");

    /// <summary>Criteria of one to three paths.</summary>
    public static readonly Gen<string> Criteria = Conditions.Array[1, 3].Select(conditions => $"{{\"criterion\":{{{string.Join(',', conditions.DistinctBy(condition => condition.Split(':')[0]))}}}}}");

    private static readonly Gen<string> Scalar = Gen.Frequency((6, Gen.Select(Text, Gen.Bool, Written)), (4, Pick(Numbers)), (1, Pick("true", "false", "null")));

    private static readonly Gen<string> Value = Gen.Frequency((8, Scalar), (2, Scalar.Array[0, 3].Select(List)), (1, Scalar.Array[0, 2].Select(items => $"[{List(items)},{{\"x\":1}},[]]")), (1, Pick("{}", "[]", "{\"x\":1}")));

    /// <summary>A path through odd shapes: in a list now and then, several keys in one, a neighbour, a key in escapes.</summary>
    private static Gen<string> Member(string path) => Gen.Select(Value, Gen.Int[0, 19].Array[path.Split('.').Length], (value, ways) =>
    {
        var keys = path.Split('.');
        var (json, key) = (value, "");
        for (var at = keys.Length - 1; at >= 0; at--)
        {
            key = key.Length == 0 ? keys[at] : $"{keys[at]}.{key}";
            if (ways[at] == 0 && at > 0) continue; // one key with the one before it
            json = $"{{{(ways[at] == 1 ? "\"key\":\"b\"," : "")}{Written(key, ways[at] == 2)}:{json}}}";
            if (ways[at] is 3 or 4 && at > 0) json = ways[at] == 3 ? $"[{json}]" : $"[[{json},\"a\"],{{\"key\":[5]}}]";
            key = "";
        }
        return json[1..^1];
    });

    private static readonly Gen<string> Odd = Pick(Paths).Select(path => path.Replace("outpostARN", "outpostArn", StringComparison.Ordinal).Replace("hostIpc", "hostIPC", StringComparison.Ordinal))
        .SelectMany(Member).Array[1, 5].Select(members => $"{{{string.Join(',', members)}}}");

    private static readonly Gen<string> Real = SampleFindings.Any.Select(FindingJson.ToJson);

    /// <summary>A value of a finding is replaced.</summary>
    private static readonly Gen<string> Damaged = Gen.Select(Real, Gen.Int[0, 200], Value, (json, at, value) =>
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False) || at-- > 0) continue;
            var bytes = Encoding.UTF8.GetBytes(json);
            return Encoding.UTF8.GetString(bytes, 0, (int)reader.TokenStartIndex) + value + Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed));
        }
        return json;
    });

    /// <summary>A finding, as a store would hold it: without U+0000.</summary>
    public static readonly Gen<string> Finding = Gen.Frequency((6, Odd), (1, Real), (2, Damaged)).Select(json => json.Replace(@"\u0000", @"\uFFFD", StringComparison.Ordinal));

    private static string List(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    private static string Written(IEnumerable<string> texts) => List(texts.Select(text => Written(text, false)));

    private static string Written(string text, bool escaped) =>
        escaped ? $"\"{string.Concat(text.Select(c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}")))}\"" : JsonSerializer.Serialize(text);

    private static Gen<string> Pick(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(at => choices[at]);
}
