using System.Net;
using System.Net.Http.Headers;

namespace Yagura.Intel;

/// <summary>Brings the copies of feeds in a folder up to date; the folder is then a valid <c>--intel DIR</c>.</summary>
/// <remarks>A new copy replaces the last good one only when it arrived whole, within its limit, and still parses to a list of a plausible
/// size. Whatever fails leaves the last good copy, and the result says so and how old it is.</remarks>
public sealed class FeedUpdater(TimeProvider time) : IDisposable
{
    // It would follow a redirect from http to any scheme, so redirects are followed here. The whole time is limited below.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>Most redirects that are followed; only to http and https, and never from https to http.</summary>
    public const int MostRedirects = 5;

    /// <summary>Longest time that one feed may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>A new copy with less than this share of the entries of the last one is taken for a broken one.</summary>
    public const double LeastShare = 0.1;

    public void Dispose() => _http.Dispose();

    /// <summary>Updates every feed of the table, one after the other. Copies of feeds that are not in the table stay as they are.</summary>
    /// <exception cref="IntelException">The folder or its <c>feeds.json</c> cannot be used.</exception>
    public async Task<IReadOnlyList<FeedResult>> UpdateAsync(FeedTable table, string directory, CancellationToken cancel = default)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new IntelException($"{directory}: {failed.Message}");
        }
        var state = FeedState.Load(directory);
        var results = new List<FeedResult>();
        foreach (var feed in table.Feeds)
        {
            var last = LastGood(feed, state, directory);
            var (outcome, reason, copy) = await UpdateAsync(feed, last, directory, cancel);
            if (copy is not null && copy != last)
            {
                state = new([.. state.Feeds.Where(f => !string.Equals(f.Name, feed.Name, StringComparison.Ordinal)), copy]);
                state.Save(directory); // after each, so that a crash forgets none
            }
            var now = time.GetUtcNow();
            results.Add(new(feed, outcome, reason, copy ?? last, (copy ?? last)?.AgeInDays(now), (copy ?? last)?.IsOverAge(now) ?? false));
        }
        return results;
    }

    private async Task<(FeedOutcome Outcome, string? Reason, FeedCopy? Copy)> UpdateAsync(Feed feed, FeedCopy? last, string directory, CancellationToken cancel)
    {
        if (last is not null && time.GetUtcNow() - last.ConfirmedAt < feed.Every) return (FeedOutcome.NotDue, null, last);
        using var patience = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var answer = await AskAsync(feed.Url, last, either.Token);
            var now = time.GetUtcNow();
            if (answer.StatusCode == HttpStatusCode.NotModified && last is not null) return (FeedOutcome.Unchanged, null, last with { ConfirmedAt = now });
            if (answer.StatusCode != HttpStatusCode.OK) return Failed($"the server answered {(int)answer.StatusCode}");

            var limit = ListFile.LargestOf(feed.Entry.Role);
            if (await ReadWithinAsync(answer.Content, limit, either.Token) is not { } bytes || ListFile.ReadWithin(new MemoryStream(bytes), limit) is not { } content)
                return Failed($"larger than {limit} bytes");
            var parsed = ListFile.Parse(feed.Name, feed.Entry, content);
            if (parsed.Problem is not null) return Failed(parsed.Problem);
            if (last is not null && parsed.Entries < last.Entries * LeastShare) return Failed($"it shrank from {last.Entries} entries to {parsed.Entries}");

            AtomicFile.Write(Path.Combine(directory, feed.File), bytes);
            return (FeedOutcome.Updated, null, new(
                feed.Name, feed.File, feed.Url.AbsoluteUri, feed.Entry.Role.Word, feed.Entry.Format?.Name(), feed.Entry.Threat, feed.Licence,
                answer.Headers.ETag?.ToString(), answer.Content.Headers.LastModified?.ToString("R"), parsed.Sha256!, parsed.Entries, feed.MaxAgeDays, now, now));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed($"no whole answer within {Timeout.TotalMinutes} minutes");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Failed(failed.Message);
        }

        (FeedOutcome, string?, FeedCopy?) Failed(string reason) => (FeedOutcome.Failed, reason, null);
    }

    /// <summary>The answer to a conditional GET, after redirects; a redirect that may not be followed is itself the answer.</summary>
    private async Task<HttpResponseMessage> AskAsync(Uri url, FeedCopy? last, CancellationToken cancel)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("yagura", null));
            if (last?.ETag is { } tag) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            if (last?.LastModified is { } modified) request.Headers.TryAddWithoutValidation("If-Modified-Since", modified);
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || redirects == MostRedirects
                || answer.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next)
                || !(next.Scheme is "https" || (next.Scheme is "http" && url.Scheme is "http"))) return answer;
            answer.Dispose();
            url = next;
        }
    }

    /// <summary>The last copy, if it is of this URL and still lies in the folder as it came; else the feed is fetched anew.</summary>
    private static FeedCopy? LastGood(Feed feed, FeedState state, string directory)
    {
        if (state.OfFeed(feed.Name) is not { } copy || !string.Equals(copy.Url, feed.Url.AbsoluteUri, StringComparison.Ordinal)) return null;
        try
        {
            using var stream = File.OpenRead(Path.Combine(directory, feed.File));
            var content = ListFile.ReadWithin(stream, ListFile.LargestOf(feed.Entry.Role));
            return content is not null && string.Equals(ListFile.Sha256Of(content), copy.Sha256, StringComparison.Ordinal) ? copy : null;
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<byte[]?> ReadWithinAsync(HttpContent content, int limit, CancellationToken cancel)
    {
        await using var stream = await content.ReadAsStreamAsync(cancel);
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            if (bytes.Length + count > limit) return null;
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }
}

public enum FeedOutcome
{
    /// <summary>A new copy lies in the folder.</summary>
    Updated,

    /// <summary>The server says that the copy is current.</summary>
    Unchanged,

    /// <summary>Asked too short a while ago; see <see cref="Feed.Every"/>.</summary>
    NotDue,

    /// <summary>The last good copy stays, if there is one.</summary>
    Failed,
}

/// <param name="Reason">Of a failure; else null.</param>
/// <param name="Copy">What lies in the folder now; null where nothing does.</param>
/// <param name="AgeInDays">Since the server last vouched for the copy.</param>
/// <param name="OverAge">The copy is older than the feed's limit.</param>
public sealed record FeedResult(Feed Feed, FeedOutcome Outcome, string? Reason, FeedCopy? Copy, int? AgeInDays, bool OverAge);
