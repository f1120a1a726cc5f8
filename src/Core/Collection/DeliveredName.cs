using System.Globalization;

namespace Yagura.Core.Collection;

/// <summary>What AWS writes into the name of a log object that it delivers.</summary>
/// <remarks><code>AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/111122223333_CloudTrail_eu-west-1_20261125T1955Z_aB3dE6gH9jK2.json.gz
/// AWSLogs/o-exampleorg1/111122223333/CloudTrail-Digest/eu-west-1/2026/11/25/111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261125T195500Z.json.gz
/// AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=11/day=25/hour=19/…_20261125T1955Z_0a1b2c3d.log.parquet</code>
/// Sources: CloudTrail User Guide, "Finding your CloudTrail log files"; Amazon VPC User Guide, "Flow log files".</remarks>
/// <param name="Service">As in the name: <c>CloudTrail</c>, <c>CloudTrail-Digest</c>, <c>vpcflowlogs</c>, <c>vpcdnsquerylogs</c> …; empty where it does not tell.</param>
/// <param name="Account">12 digits; empty where the name does not tell.</param>
/// <param name="Region">Empty where the name does not tell, as of resolver logs.</param>
/// <param name="Time">The time in the file's name, else the hour or day of its folder, UTC; null where neither is there.</param>
public sealed record DeliveredName(string Service, string Account, string Region, DateTimeOffset? Time)
{
    public const string CloudTrail = "CloudTrail", Digest = "CloudTrail-Digest", Flow = "vpcflowlogs", Resolver = "vpcdnsquerylogs";

    /// <summary>The folder below which AWS writes.</summary>
    public const string Root = "AWSLogs";

    public bool IsDigest => Service == Digest;

    /// <param name="name">A path, a key or <c>s3://…</c>; folders before <see cref="Root"/> are of no account.</param>
    public static DeliveredName Of(string name)
    {
        var parts = name.Split('/', '\\');
        var root = Array.IndexOf(parts, Root);
        string service = "", account = "", region = "";
        for (var at = root + 1; at < parts.Length - 1; at++)
        {
            var value = parts[at][(parts[at].IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (account.Length == 0 && IsAccount(value))
            {
                account = value;
                if (root >= 0 && at + 2 < parts.Length) service = parts[at + 1][(parts[at + 1].IndexOf('=', StringComparison.Ordinal) + 1)..];
            }
            else if (account.Length > 0 && region.Length == 0 && value != service && IsRegion(value)) region = value;
        }
        return new(service, account, region, TimeIn(parts[^1]) ?? TimeOf(parts.AsSpan(..^1)));
    }

    public static bool IsAccount(ReadOnlySpan<char> text) => text.Length == 12 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Such as <c>eu-west-1</c>, <c>us-gov-west-1</c>, <c>ap-southeast-4</c>.</summary>
    public static bool IsRegion(ReadOnlySpan<char> text) =>
        text.Length is >= 9 and <= 20 && char.IsAsciiDigit(text[^1]) && char.IsAsciiLetterLower(text[0]) && text.Count('-') is 2 or 3 && !text.StartsWith("vpc-");

    private static DateTimeOffset? TimeIn(string file)
    {
        foreach (var part in file.Split('_', '.'))
        {
            if (part is [_, _, _, _, _, _, _, _, 'T', .., 'Z']
                && DateTimeOffset.TryParseExact(part, ["yyyyMMdd'T'HHmm'Z'", "yyyyMMdd'T'HHmmss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
        }
        // Server access logs: prefix2026-11-25-19-55-01-0123456789ABCDEF
        return file.Length >= 36 && DateTimeOffset.TryParseExact(file.AsSpan(file.Length - 36, 19), "yyyy-MM-dd-HH-mm-ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var access)
            ? access : null;
    }

    private static DateTimeOffset? TimeOf(ReadOnlySpan<string> folders)
    {
        for (var at = 0; at + 2 < folders.Length; at++)
        {
            if (!DateTimeOffset.TryParseExact(
                $"{Value(folders[at])}-{Value(folders[at + 1])}-{Value(folders[at + 2])}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)) continue;
            return at + 3 < folders.Length && int.TryParse(Value(folders[at + 3]), NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour < 24 ? day.AddHours(hour) : day;
        }
        return null;

        static string Value(string folder) => folder[(folder.IndexOf('=', StringComparison.Ordinal) + 1)..];
    }
}
