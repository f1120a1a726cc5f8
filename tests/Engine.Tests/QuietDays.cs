using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Yagura.Engine.Tests;

/// <summary>Days before the recorded attack session, made from the session's own background: what is neither a detonation nor a clean-up.</summary>
/// <remarks>The background is cut by the minute, as it came. On each day every piece happens again with a chance of seven in ten, drawn from a hash of the day and the minute, at the same time of day, with
/// identities of its own. Nothing is drawn that a second run would draw otherwise.</remarks>
internal static class QuietDays
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> Before(IReadOnlyList<JsonNode> session, IReadOnlyList<JsonNode> original, int days)
    {
        var background = session.Zip(original).Where(pair => IsBackground(pair.Second)).Select(pair => pair.First).ToList();
        return [.. Enumerable.Range(1, days).Select(day => ($"quiet-{day:00}", CloudTrailFiles.File(background.Where(record => Happens(day, record)).Select(record => Moved(record, day)))))];
    }

    /// <summary>The tool's own calls name the tool first; what it has Terraform build names Terraform first.</summary>
    public static bool IsBackground(JsonNode record) => !(record["userAgent"]?.GetValue<string>() ?? "").TrimStart('[').StartsWith("stratus-red-team_", StringComparison.Ordinal)
        && record["userIdentity"]?["arn"]?.GetValue<string>()?.Contains("assumed-role", StringComparison.Ordinal) != true;

    private static bool Happens(int day, JsonNode record) => SHA256.HashData(Encoding.UTF8.GetBytes($"{day} {record["eventTime"]!.GetValue<string>()[..16]}"))[0] < 179;

    private static JsonNode Moved(JsonNode record, int days)
    {
        var moved = record.DeepClone();
        moved["eventTime"] = DateTimeOffset.Parse(record["eventTime"]!.GetValue<string>(), CultureInfo.InvariantCulture).AddDays(-days).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        moved["eventID"] = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{days} {record["eventID"]!.GetValue<string>()}")).AsSpan(0, 16)).ToString();
        return moved;
    }
}
