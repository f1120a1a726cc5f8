using System.Globalization;
using Yagura.Aws;
using Yagura.Aws.Connections;
using Yagura.Aws.Listing;
using Yagura.Aws.Sqs;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion.Folders;

namespace Yagura.Server;

/// <summary>A source as a person writes it: a place, and what else is to be said of it, such as <c>s3://trail-logs role=arn:aws:iam::111122223333:role/yagura region=eu-west-1</c>.</summary>
/// <remarks>Places are a folder (<c>/var/log/aws</c>, <c>folder:logs</c>), a bucket (<c>s3://bucket/prefix</c>) and a queue (<c>sqs:https://sqs.eu-west-1.amazonaws.com/…</c>).</remarks>
public sealed record SourceText
{
    private const string Folder = "folder:", Queue = "sqs:";

    private readonly IReadOnlyDictionary<string, string> _settings;

    private SourceText(string place, IReadOnlyDictionary<string, string> settings) => (Place, _settings) = (place, settings);

    public string Place { get; }

    /// <exception cref="FormatException">It is no source; the message holds every mistake.</exception>
    public static SourceText Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // A folder's name may have spaces: what is no setting belongs to the place.
        var first = Array.FindIndex(words, word => Settings.Any(name => word.StartsWith(name + '=', StringComparison.Ordinal)));
        var place = string.Join(' ', first < 0 ? words : words[..first]);
        var mistakes = new List<string>();
        if (place.Length == 0) mistakes.Add("a source begins with a place: a folder, s3://bucket/prefix, or sqs:URL");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in first < 0 ? [] : words[first..])
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !Allowed(place).Contains(word[..equals], StringComparer.Ordinal))
                mistakes.Add($"{word}: {(Allowed(place).Length == 0 ? "a folder has no settings" : $"known are {string.Join(", ", Allowed(place).Select(name => name + "=…"))}")}");
            else if (!settings.TryAdd(word[..equals], word[(equals + 1)..])) mistakes.Add($"{word[..equals]} is given twice");
        }
        try
        {
            if (place.StartsWith(S3Location.Scheme, StringComparison.Ordinal)) S3Location.Parse(place);
        }
        catch (FormatException e)
        {
            mistakes.Add(e.Message);
        }
        if (place.StartsWith(Queue, StringComparison.Ordinal) && !(Uri.TryCreate(place[Queue.Length..], UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
            mistakes.Add($"{place} is not sqs: and the URL of a queue");
        if (settings.TryGetValue("since", out var since) && !DateOnly.TryParseExact(since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            mistakes.Add($"since={since} is no day; write 2026-11-23");
        return mistakes.Count == 0 ? new(place, settings) : throw new FormatException(string.Join("; ", mistakes));
    }

    /// <param name="every">Time between two listings of a bucket; null for the usual.</param>
    public ILogSource Open(ISettledObjects settled, IQuarantine quarantine, TimeSpan? every, TimeProvider time)
    {
        if (Place.StartsWith(S3Location.Scheme, StringComparison.Ordinal))
        {
            var bucket = new BucketOptions(S3Location.Parse(Place))
            {
                Access = Access, Since = _settings.TryGetValue("since", out var since) ? DateOnly.ParseExact(since, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            };
            return new BucketListing(every is { } period ? bucket with { Every = period } : bucket, settled, time);
        }
        if (Place.StartsWith(Queue, StringComparison.Ordinal))
            return new SqsSource(new(Place[Queue.Length..], [.. (_settings.GetValueOrDefault("buckets") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)]) { Access = Access }, settled, quarantine, time);
        return new WatchedFolder(new(Place.StartsWith(Folder, StringComparison.Ordinal) ? Place[Folder.Length..] : Place), settled, time);
    }

    public override string ToString() => Place;

    private AwsAccess Access => new(_settings.GetValueOrDefault("role"), _settings.GetValueOrDefault("external-id"), _settings.GetValueOrDefault("region"));

    private static readonly string[] Settings = ["role", "external-id", "region", "since", "buckets"];

    private static string[] Allowed(string place) =>
        place.StartsWith(S3Location.Scheme, StringComparison.Ordinal) ? ["role", "external-id", "region", "since"]
        : place.StartsWith(Queue, StringComparison.Ordinal) ? ["role", "external-id", "region", "buckets"] : [];
}
