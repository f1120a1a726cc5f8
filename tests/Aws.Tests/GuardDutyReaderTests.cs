using System.Net.Sockets;
using System.Text;
using Amazon.Runtime;
using Yagura.Aws.GuardDuty;

namespace Yagura.Aws.Tests;

/// <summary>What a GuardDuty may answer that is not what was asked for.</summary>
public sealed class GuardDutyReaderTests
{
    private static string Answer(string status, string body) => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>A server that answers each request by its first line, such as <c>GET /detector?maxResults=50 HTTP/1.1</c>.</summary>
    private static Loopback Serving(Func<string, string> answer) => new(async (client, cancel) =>
    {
        var buffer = new byte[65536];
        var read = await client.ReadAtLeastAsync(buffer, 1, cancellationToken: cancel);
        var request = Encoding.ASCII.GetString(buffer, 0, read);
        await client.WriteAsync(Encoding.UTF8.GetBytes(answer(request[..request.IndexOf('\r', StringComparison.Ordinal)])), cancel);
        client.Socket.Shutdown(SocketShutdown.Send);
    });

    private static async Task<GuardDutySettings> Read(Loopback server)
    {
        var client = new GuardDutyClient("eu-west-1", server.Endpoint, () => Task.FromResult(new ImmutableCredentials("AKIAIOSFODNN7EXAMPLE", "any", "token")), TimeProvider.System);
        return await new GuardDutyReader(client).Read(TestContext.Current.CancellationToken);
    }

    private static string Settings(string line) => line.Split(' ')[1] switch
    {
        "/detector?maxResults=50" => Answer("200 OK", """{"detectorIds":["12abc"]}"""),
        "/detector/12abc" => Answer("200 OK", """{"status":"ENABLED"}"""),
        var path when path.StartsWith("/detector/12abc/filter?", StringComparison.Ordinal) => Answer("200 OK", """{"filterNames":[]}"""),
        _ => Answer("403 Forbidden", """{"__type":"AccessDeniedException","message":"User is not authorized"}"""),
    };

    [Fact]
    public async Task What_may_not_be_read_is_told_with_the_permission_that_it_takes_and_the_rest_is_read()
    {
        await using var server = Serving(Settings);
        var settings = await Read(server);
        Assert.Equal(
            ["IP set: access is denied; needed is guardduty:ListIPSets", "threat intel set: access is denied; needed is guardduty:ListThreatIntelSets",
                "trusted entity set: access is denied; needed is guardduty:ListTrustedEntitySets", "threat entity set: access is denied; needed is guardduty:ListThreatEntitySets"],
            settings.Problems.Select(problem => $"{problem.Kind.Word}: {problem.Reason}"));
    }

    [Fact]
    public async Task Only_ever_GET_is_sent()
    {
        var lines = new List<string>();
        await using var server = Serving(line =>
        {
            lock (lines) lines.Add(line);
            return Settings(line);
        });
        await Read(server);
        Assert.All(lines, line => Assert.StartsWith("GET ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Throttling_is_waited_out()
    {
        var left = 2;
        await using var server = Serving(line => Interlocked.Decrement(ref left) >= 0 ? Answer("400 Bad Request", """{"__type":"ThrottlingException","message":"Rate exceeded"}""") : Settings(line));
        Assert.Equal("12abc", (await Read(server)).DetectorId);
    }

    [Theory]
    [InlineData("200 OK", "not json", "is no JSON object")]
    [InlineData("200 OK", "[]", "is no JSON object")]
    [InlineData("200 OK", """{"detectorIds":[],"detectorIds":[]}""", "is no JSON object")]
    [InlineData("200 OK", "{}", "the answer to ListDetectors has no detectorIds")]
    [InlineData("200 OK", """{"detectorIds":["a"],"nextToken":"more"}""", "never ends")]
    [InlineData("403 Forbidden", """{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}""", "the credentials are not accepted (UnrecognizedClientException)")]
    [InlineData("404 Not Found", "<html>", "GuardDuty answered 404")]
    [InlineData("302 Found", "", "GuardDuty answered 302")]
    public async Task Answers_that_make_no_sense_are_told(string status, string body, string expected)
    {
        await using var server = Serving(_ => Answer(status, body));
        Assert.Contains(expected, (await Assert.ThrowsAsync<GuardDutyException>(() => Read(server))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        await using var server = new Loopback(async (client, cancel) =>
        {
            await client.ReadAtLeastAsync(new byte[65536], 1, cancellationToken: cancel);
            await client.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"detectorIds\":[\""u8.ToArray(), cancel);
            while (true) await client.WriteAsync(Encoding.ASCII.GetBytes(new string('a', 65536)), cancel);
        });
        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<GuardDutyException>(() => Read(server))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://guardduty.eu-west-1.amazonaws.com")]
    [InlineData("https://guardduty.cn-north-1.amazonaws.com.cn./")]
    [InlineData("https://guardduty.eu-west-1.api.aws")]
    [InlineData("https://GUARDDUTY.US-EAST-1.AMAZONAWS.COM")]
    [InlineData("ftp://127.0.0.1")]
    public void Nothing_is_ever_written_to_AWS(string url) => Assert.Throws<ArgumentException>(() => YaguraWriter.To(new(url), "eu-west-1", "key", "secret", TimeProvider.System));

    [Fact]
    public void The_policy_holds_the_permissions_of_all_that_is_read()
    {
        var policy = ReadingPolicy.Write("aws-cn");
        Assert.Contains("arn:aws-cn:guardduty:*:*:detector/*", policy, StringComparison.Ordinal);
        Assert.All(
            (string[])["ListDetectors", "GetDetector", "ListFilters", "GetFilter", "ListIPSets", "GetIPSet", "ListThreatIntelSets", "GetThreatIntelSet", "ListTrustedEntitySets", "GetTrustedEntitySet", "ListThreatEntitySets", "GetThreatEntitySet"],
            action => Assert.Contains($"\"guardduty:{action}\"", policy, StringComparison.Ordinal));
        Assert.DoesNotContain("Create", policy, StringComparison.Ordinal);
    }
}
