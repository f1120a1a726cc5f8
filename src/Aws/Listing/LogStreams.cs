using System.Globalization;
using Yagura.Core.Collection;

namespace Yagura.Aws.Listing;

/// <summary>How a bucket's keys are made.</summary>
public enum BucketLayout
{
    /// <summary>As AWS delivers trails, flow logs and resolver logs: <c>prefix/AWSLogs/account/service/region/2026/11/25/…</c>.</summary>
    AwsLogs,
    /// <summary>Server access logs of S3: <c>prefix2026-11-25-19-55-01-…</c>.</summary>
    AccessLogs,
    /// <summary>Anything: all keys with the prefix are listed each time.</summary>
    Everything,
}

/// <summary>A prefix of keys that the logs of one account, kind and region lie behind.</summary>
/// <param name="Days">The format of the day that follows it; empty where none does.</param>
internal sealed record LogStream(string Prefix, string Days)
{
    public const string Folders = "yyyy/MM/dd/", Tables = "'year='yyyy'/month='MM'/day='dd'/'", Names = "yyyy-MM-dd-";

    public bool IsByDay => Days.Length > 0;

    public string PrefixOf(DateOnly day) => Prefix + day.ToString(Days, CultureInfo.InvariantCulture);
}

internal static class LogStreams
{
    /// <summary>Most streams of one bucket: accounts by kinds of log by regions.</summary>
    public const int Most = 100_000;

    private const int AtATime = 8;

    private static readonly string[] Services = [DeliveredName.CloudTrail, DeliveredName.Digest, DeliveredName.Flow, DeliveredName.Resolver];

    /// <param name="prefix">What comes before <c>AWSLogs/</c>; it may be the folder of one account or organization below it, too.</param>
    /// <param name="problems">Told of parts that cannot be listed; the others are found.</param>
    public static async Task<IReadOnlyList<LogStream>> Find(S3Objects bucket, string prefix, BucketLayout layout, Problems problems, CancellationToken cancel)
    {
        if (layout != BucketLayout.AwsLogs) return [new(prefix, layout == BucketLayout.AccessLogs ? LogStream.Names : "")];
        var root = prefix.Length == 0 || prefix.EndsWith('/') ? prefix : prefix + "/";
        if (!root.Split('/').Contains(DeliveredName.Root, StringComparer.Ordinal)) root += DeliveredName.Root + "/";

        var accounts = new List<string>();
        foreach (var folder in await Folders(root))
        {
            if (folder.StartsWith("o-", StringComparison.Ordinal))
                accounts.AddRange((await Folders($"{root}{folder}/")).Where(IsAccount).Select(account => $"{root}{folder}/{account}/"));
            else if (IsAccount(folder)) accounts.Add($"{root}{folder}/");
        }
        if (DeliveredName.IsAccount(Value(root.TrimEnd('/').Split('/')[^1]))) accounts.Add(root);

        var streams = new List<LogStream>();
        await Parallel.ForEachAsync(accounts, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel }, async (account, _) =>
        {
            foreach (var service in (await Folders(account)).Where(service => Services.Contains(Value(service), StringComparer.Ordinal)))
            {
                var part = $"{account}{service}/";
                var days = service.Contains('=', StringComparison.Ordinal) ? LogStream.Tables : LogStream.Folders;
                foreach (var region in await Folders(part))
                {
                    lock (streams)
                    {
                        if (streams.Count < Most) streams.Add(new($"{part}{region}/", days));
                        else problems.Add($"the bucket holds more than {Most} streams of logs; the others are not read");
                    }
                }
            }
        });
        return [.. streams.OrderBy(stream => stream.Prefix, StringComparer.Ordinal)];

        async Task<IReadOnlyList<string>> Folders(string parent)
        {
            try
            {
                return await bucket.Folders(parent, Most, cancel);
            }
            catch (IOException error)
            {
                problems.Add(error.Message);
                return [];
            }
        }
    }

    private static bool IsAccount(string folder) => DeliveredName.IsAccount(Value(folder));

    private static string Value(string folder) => folder[(folder.IndexOf('=', StringComparison.Ordinal) + 1)..];
}
