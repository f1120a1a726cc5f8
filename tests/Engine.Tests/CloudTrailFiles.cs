using System.IO.Compression;
using System.Text.Json.Nodes;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>CloudTrail records as delivery files, cut up as a test wants.</summary>
internal static class CloudTrailFiles
{
    public static byte[] File(IEnumerable<JsonNode> records)
    {
        using var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Fastest))
        using (var writer = new StreamWriter(gzip))
            writer.Write("{\"Records\":[" + string.Join(',', records.Select(r => r.ToJsonString())) + "]}");
        return stored.ToArray();
    }

    /// <summary>The records of the recorded attack session as they were written.</summary>
    public static IReadOnlyList<JsonNode> AttackSession() =>
    [
        .. Directory.EnumerateFiles(RealLogs.Path("cloudtrail-stratus-run/CloudTrail")).Order(StringComparer.Ordinal)
            .SelectMany(file => JsonNode.Parse(RealLogs.Read(file))!["Records"]!.AsArray().Select(record => record!.DeepClone())),
    ];

    /// <summary>The records of the recorded attack session, made anonymous: what the attacker's tool wrote about itself tells nothing.</summary>
    /// <remarks>User agents of the tool become the Terraform agent that the same principal uses elsewhere; names with the tool's name in them become hashes.</remarks>
    public static IReadOnlyList<JsonNode> AnonymousAttackSession()
    {
        var records = AttackSession();
        var terraform = records.Select(Agent).First(agent => agent.Contains("Terraform", StringComparison.Ordinal));
        var agents = records.Where(r => Agent(r).Contains("Terraform", StringComparison.Ordinal))
            .GroupBy(Principal, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Agent(g.First()), StringComparer.Ordinal);
        foreach (var record in records)
        {
            if (Agent(record).Contains("stratus-red-team_", StringComparison.Ordinal)) record["userAgent"] = agents.GetValueOrDefault(Principal(record), terraform);
        }
        return [.. records.Select(record => JsonNode.Parse(HideNames(record.ToJsonString()))!)];

        static string Agent(JsonNode record) => record["userAgent"]?.GetValue<string>() ?? "";
        static string Principal(JsonNode record) => record["userIdentity"]?["arn"]?.GetValue<string>() ?? "";
    }

    private static string HideNames(string json) => System.Text.RegularExpressions.Regex.Replace(
        json, "[A-Za-z0-9-]*stratus[A-Za-z0-9-]*", name => "n" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name.Value)))[..16],
        System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
}
