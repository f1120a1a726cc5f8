using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>Calls that a public bucket really got, from its publisher's CSV, as CloudTrail data events.</summary>
internal static partial class HoneyBucket
{
    /// <param name="Caller">The principal's id; empty for an anonymous one.</param>
    public sealed record Call(string Name, string Address, string Caller, DateTimeOffset Time, string Json);

    public static IReadOnlyList<Call> Records()
    {
        var rows = Csv(Encoding.UTF8.GetString(RealLogs.Read("s3-honeybucket/AWS_S3_HoneyBucketLogs.csv.gz"))).ToList();
        return [.. rows.Skip(1).Select(row => Record(rows[0].Zip(row).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal)))];
    }

    private static Call Record(Dictionary<string, string> row)
    {
        var identity = FromPython(row["User ID"]);
        var record = new JsonObject
        {
            ["eventVersion"] = "1.08", ["userIdentity"] = identity, ["eventTime"] = row["Event DateTime"], ["eventSource"] = "s3.amazonaws.com",
            ["eventName"] = row["Event Name"], ["awsRegion"] = "eu-west-1", ["sourceIPAddress"] = row["Source IP"], ["userAgent"] = row["Request User Agent"],
            ["requestParameters"] = FromPython(row["Request Parameters"]), ["requestID"] = row["Request ID"], ["eventID"] = row["Event ID"], ["eventType"] = row["Event Type"],
            ["readOnly"] = row["Event Name"] != "PutObject", ["managementEvent"] = false, ["recipientAccountId"] = "111122223333", ["eventCategory"] = "Data",
        };
        var time = DateTimeOffset.Parse(row["Event DateTime"], System.Globalization.CultureInfo.InvariantCulture);
        return new(row["Event Name"], row["Source IP"], identity["principalId"]!.GetValue<string>(), time, record.ToJsonString());
    }

    /// <summary>A dictionary as Python prints it, of texts only: <c>{'bucketName': 'microsoft-devtest'}</c>.</summary>
    private static JsonObject FromPython(string text) =>
        new(Member().Matches(text).Select(member => KeyValuePair.Create(member.Groups[1].Value, (JsonNode?)member.Groups[2].Value)));

    [GeneratedRegex("'([^']*)': '([^']*)'")]
    private static partial Regex Member();

    /// <summary>Rows of cells; a cell in quotes may hold commas, and quotes written twice.</summary>
    private static IEnumerable<string[]> Csv(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => Cell().Matches(line).Select(cell => cell.Groups[1].Success ? cell.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : cell.Groups[2].Value).ToArray());

    [GeneratedRegex("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))")]
    private static partial Regex Cell();
}
