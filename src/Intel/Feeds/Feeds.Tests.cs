using System.Net;
using System.Net.Sockets;
using System.Text;
using static Yagura.Intel.Tests.AddressTests;

namespace Yagura.Intel.Tests;

public sealed class FeedTests : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("yagura-feeds-").FullName, "intel");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly SetClock _clock = new();
    private readonly List<string> _requests = [];
    private readonly Task _serving;
    private string _answer = "";

    public FeedTests()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving;
        _listener.Dispose();
        _closing.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    /// <summary>A real server on loopback that gives the prepared answer to every request and closes the connection.</summary>
    private async Task ServeAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                var request = new StringBuilder();
                while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 } line) request.Append(line).Append('\n');
                _requests.Add(request.ToString());
                await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer), _closing.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                // The test is over, or the client left first (an oversized answer): both are expected here.
            }
        }
    }

    private static string Ok(string body, string headers = "", int? length = null) =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n{headers}\r\n{body}";

    private static string Status(string line, string headers = "") => $"HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n";

    private FeedTable Table(string category = "c2", string more = "") => FeedTable.Parse(
        $"feeds:\n  - name: example\n    url: http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/list.txt\n    category: {category}\n    licence: CC0-1.0\n" +
        $"    every-hours: 24\n    max-age-days: 7\n{more}", "feeds.yaml");

    private async Task<FeedResult> UpdateAsync(string answer, FeedTable? table = null)
    {
        _answer = answer;
        using var updater = new FeedUpdater(_clock);
        return Assert.Single(await updater.UpdateAsync(table ?? Table(), _folder));
    }

    [Fact]
    public async Task A_fetched_feed_is_a_list_of_the_folder()
    {
        var result = await UpdateAsync(Ok("192.0.2.1\nc2.example\n", "ETag: \"a\"\r\n"), Table(more: "    threat: ExampleBot\n"));
        Assert.Equal(FeedOutcome.Updated, result.Outcome);
        Assert.Equal((2, "\"a\"", "example.txt"), (result.Copy!.Entries, result.Copy.ETag, result.Copy.File));

        var load = IntelFolder.Load(_folder, _clock);
        var file = Assert.Single(load.Files);
        Assert.Equal(("example.txt", "c2", 2, null, null), (file.Name, file.Role.Word, file.Entries, file.Problem, file.Warning));
        var list = Assert.Single(load.Snapshot.Find(Ip("192.0.2.1")).Lists);
        Assert.Equal(("example", "ExampleBot", result.Copy.Sha256), (list.Name, list.ThreatName, list.Sha256));
    }

    [Fact]
    public async Task A_feed_is_not_asked_more_often_than_it_wants_and_then_only_for_what_changed()
    {
        await UpdateAsync(Ok("192.0.2.1\n", "ETag: W/\"a\"\r\nLast-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\n"));
        Assert.Equal(FeedOutcome.NotDue, (await UpdateAsync(Status("500 Broken"))).Outcome);
        Assert.Single(_requests);

        _clock.Advance(TimeSpan.FromHours(25));
        var result = await UpdateAsync(Status("304 Not Modified"));
        Assert.Equal(FeedOutcome.Unchanged, result.Outcome);
        Assert.Contains("If-None-Match: W/\"a\"", _requests[1], StringComparison.Ordinal);
        Assert.Contains("If-Modified-Since: Wed, 01 Jan 2025 00:00:00 GMT", _requests[1], StringComparison.Ordinal);
        Assert.Equal(_clock.GetUtcNow(), result.Copy!.ConfirmedAt);
        Assert.Equal(0, result.AgeInDays);
    }

    public static TheoryData<string, string> BadAnswers => new()
    {
        { Status("404 Not Found"), "the server answered 404" },
        { Status("500 Broken"), "the server answered 500" },
        { Status("302 Found", "Location: file:///etc/passwd\r\n"), "the server answered 302" },
        { Status("302 Found", "Location: ftp://files.example/list\r\n"), "the server answered 302" },
        { Ok("192.0.2.9\n", length: 5_000), "premature" },
        { Ok("<html>Sorry</html>"), "no usable entry" },
        { Ok(""), "no usable entry" },
        { Ok("192.0.2.9\n"), "it shrank from 20 entries to 1" },
        { "nonsense\r\n\r\n", "invalid" },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_failing_feed_keeps_its_last_good_copy_and_says_so(string answer, string reason)
    {
        var good = string.Concat(Enumerable.Range(0, 20).Select(i => $"192.0.2.{i}\n"));
        await UpdateAsync(Ok(good));
        _clock.Advance(TimeSpan.FromDays(8));
        var result = await UpdateAsync(answer);

        Assert.Equal(FeedOutcome.Failed, result.Outcome);
        Assert.Contains(reason, result.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((20, 8, true), (result.Copy!.Entries, result.AgeInDays, result.OverAge));
        Assert.Equal(good, await File.ReadAllTextAsync(Path.Combine(_folder, "example.txt")));
        Assert.Equal("8 days old, over its limit of 7", Assert.Single(IntelFolder.Load(_folder, _clock).Files).Warning);
    }

    [Fact]
    public async Task An_oversized_feed_is_not_read_to_its_end()
    {
        var result = await UpdateAsync(Ok(new string('#', 36_000_000)), Table("custom"));
        Assert.Equal((FeedOutcome.Failed, "larger than 35000000 bytes"), (result.Outcome, result.Reason));
        Assert.Null(result.Copy);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Redirects_are_followed_and_not_for_ever()
    {
        var result = await UpdateAsync(Status("302 Found", "Location: /elsewhere\r\n"));
        Assert.Equal("the server answered 302", result.Reason);
        Assert.Equal(1 + FeedUpdater.MostRedirects, _requests.Count);
        Assert.StartsWith("GET /elsewhere", _requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_out_of_reach_fails_alone()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        _answer = Ok("192.0.2.1\n");
        var both = FeedTable.Parse($"feeds:\n  - {{ name: gone, url: \"http://127.0.0.1:{port}/\", category: c2, licence: none }}\n", "x").With(Table());
        using var updater = new FeedUpdater(_clock);
        var results = await updater.UpdateAsync(both, _folder);
        Assert.Equal([FeedOutcome.Failed, FeedOutcome.Updated], results.Select(r => r.Outcome));
    }

    [Fact]
    public async Task A_copy_that_was_changed_by_hand_is_reported_and_fetched_anew()
    {
        await UpdateAsync(Ok("192.0.2.1\n", "ETag: \"a\"\r\n"));
        await File.AppendAllTextAsync(Path.Combine(_folder, "example.txt"), "192.0.2.2\n");
        Assert.Equal("changed since it was fetched", Assert.Single(IntelFolder.Load(_folder, _clock).Files).Warning);
        Assert.Equal(FeedOutcome.Updated, (await UpdateAsync(Ok("192.0.2.1\n"))).Outcome);
        Assert.DoesNotContain("If-None-Match", _requests[1], StringComparison.Ordinal);
        Assert.Null(Assert.Single(IntelFolder.Load(_folder, _clock).Files).Warning);
    }

    [Fact]
    public async Task A_damaged_state_is_named()
    {
        await UpdateAsync(Ok("192.0.2.1\n"));
        foreach (var damage in new[] { "{", "{}", "[]", "{\"feeds\":[null]}", "{\"feeds\":[{\"name\":\"a\"}]}" })
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "feeds.json"), damage);
            Assert.Contains("feeds.json", Assert.Throws<IntelException>(() => IntelFolder.Load(_folder)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_shipped_table_is_whole_and_says_its_licences()
    {
        var table = FeedTable.Shipped();
        Assert.All(table.Feeds, f => Assert.Equal("https", f.Url.Scheme));
        Assert.All(table.Feeds, f => Assert.NotEqual("", f.Licence));
        // The name of each file tells the same as the table, so that the folder can be used without its state.
        Assert.All(table.Feeds, f => Assert.Equal(f.Entry.Role, FileRole.OfFileName(f.File)));
    }

    [Fact]
    public void Feeds_can_be_chosen_and_replaced_by_name()
    {
        var table = FeedTable.Shipped().With(FeedTable.Parse("feeds:\n  - { name: c2-feodo, url: \"https://mirror.example/f.csv.gz\", category: c2, licence: CC0-1.0 }\n", "own"));
        var feed = Assert.Single(table.Only(["c2-feodo"]).Feeds);
        Assert.Equal(("mirror.example", "c2-feodo.csv.gz"), (feed.Url.Host, feed.File));
        Assert.Contains("typo", Assert.Throws<IntelException>(() => table.Only(["typo"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: ../evil, url: \"https://a.example\", category: c2, licence: x", "\"name\" must be")]
    [InlineData("name: a, url: \"file:///etc/passwd\", category: c2, licence: x", "must begin with http:// or https://")]
    [InlineData("name: a, url: \"https://a.example\", category: c2", "\"licence\" of a is missing")]
    [InlineData("name: a, url: \"https://a.example\", category: bad, licence: x", "\"category\" of a must be one of")]
    [InlineData("name: a, url: \"https://a.example\", category: c2, licence: x, every-hours: 0", "\"every-hours\" must be 1 to")]
    public void A_wrong_feed_is_named(string row, string message) =>
        Assert.Contains(message, Assert.Throws<IntelException>(() => FeedTable.Parse($"feeds:\n  - {{ {row} }}\n", "own.yaml")).Message, StringComparison.Ordinal);

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
