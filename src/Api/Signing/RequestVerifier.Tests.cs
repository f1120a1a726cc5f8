using System.Text;
using Yagura.Api.Signing;
using Yagura.Api.Wire;

namespace Yagura.Api.Tests;

/// <summary>Who is let in, and with which of AWS's errors everybody else is sent away.</summary>
public sealed class RequestVerifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FixedTime _time = new(Now);
    private readonly AccessKeys _keys;
    private readonly RequestVerifier _verifier;

    public RequestVerifierTests()
    {
        _keys = new(new MemoryDocuments(), new SecretBox(new byte[32]), _time);
        _verifier = new(_keys, _time);
    }

    [Fact]
    public async Task A_signed_request_tells_who_it_is_from_and_which_region_it_is_for()
    {
        var request = await Request();
        var caller = await Verify(request.Sign(), request.Body);
        Assert.Equal((request.KeyId, "eu-west-1"), (caller.Key.Id, caller.Region));
        Assert.Equal(request.Body, caller.Body.ToArray());
    }

    [Theory]
    [InlineData("/tags/arn%3Aaws%3Aguardduty%3Aeu-west-1%3A111122223333%3Adetector%2F12", "tagKeys=b&tagKeys=a%20b&tagKeys=a%2Bb")]
    [InlineData("/a/./b//../c", "x=&y")]
    [InlineData("/", "a=1&A=2&a=0")]
    public async Task Paths_and_queries_are_written_as_the_client_writes_them(string path, string query)
    {
        var request = await Request() with { Path = path, Query = query };
        await Verify(request.Sign(), request.Body);
        await Verify(request.Presign(), request.Body);
    }

    [Fact]
    public async Task Headers_are_folded_and_repeated_ones_joined()
    {
        var request = await Request() with { Headers = [new("X-Amz-Meta", "  a   b "), new("x-amz-meta", "c"), new("My-Header", "1")] };
        var head = request.Sign();
        await Verify(head with { Headers = [.. head.Headers.Select(header => header.Key == "X-Amz-Meta" ? new(header.Key, "a b") : header)] }, request.Body);
    }

    [Fact]
    public async Task The_declared_hash_may_be_that_of_the_body_or_say_that_it_is_not_signed()
    {
        var request = await Request();
        await Verify((request with { PayloadHash = SignedRequest.Hash(request.Body) }).Sign(), request.Body);
        await Verify((request with { PayloadHash = "UNSIGNED-PAYLOAD" }).Sign(), "another body"u8.ToArray());
    }

    [Theory]
    [InlineData(-15)]
    [InlineData(15)]
    public async Task Clocks_may_be_a_quarter_of_an_hour_apart(int minutes)
    {
        var request = await Request() with { Time = Now.AddMinutes(minutes) };
        await Verify(request.Sign(), request.Body);
    }

    [Fact]
    public async Task A_presigned_request_lives_as_long_as_it_says()
    {
        var request = await Request() with { Time = Now.AddMinutes(-59), Method = "GET", Body = [] };
        await Verify(request.Presign("3600"), []);
        await Refused("InvalidSignatureException", "Signature expired", (request with { Time = Now.AddMinutes(-61) }).Presign("3600"), []);
    }

    [Fact]
    public async Task The_date_header_serves_where_there_is_no_other()
    {
        var request = await Request() with { Headers = [new("Date", Now.ToString("R"))] };
        var head = request.Sign();
        // The client signs the same time, only written otherwise: without the header of AWS its signature is another.
        await Refused("InvalidSignatureException", "was not sent", Without(head, "X-Amz-Date"), request.Body);
        await Verify((request with { SignedHeaders = ["date", "host", "x-amz-date"] }).Sign(), request.Body);
    }

    [Fact]
    public async Task A_body_of_signed_chunks_is_put_together()
    {
        var (request, head, body) = await Chunked("hello ", "world");
        Assert.Equal("hello world", Encoding.UTF8.GetString((await Verify(head, body)).Body.Span));
        Assert.Equal("eu-west-1", request.Region);
    }

    public static TheoryData<string, string, string> Changes() => new()
    {
        // what is changed on the way, the error's code, a part of its message
        { "no signature", "MissingAuthenticationTokenException", "Missing Authentication Token" },
        { "Basic YTpi", "IncompleteSignatureException", "requires the algorithm" },
        { "AWS4-ECDSA-P256-SHA256 Credential={credential}, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "requires the algorithm" },
        { "AWS4-HMAC-SHA256", "IncompleteSignatureException", "requires the algorithm" },
        { "AWS4-HMAC-SHA256 ", "IncompleteSignatureException", "requires 'Credential'" },
        { "AWS4-HMAC-SHA256 SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "requires 'Credential'" },
        { "AWS4-HMAC-SHA256 Credential={credential}, Signature={signature}", "IncompleteSignatureException", "requires 'SignedHeaders'" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}", "IncompleteSignatureException", "requires 'Signature'" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature=", "IncompleteSignatureException", "requires 'Signature'" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature={signature}, more", "IncompleteSignatureException", "missing equal-sign" },
        { "AWS4-HMAC-SHA256 Credential={credential}, Credential={credential}, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "twice" },
        { "AWS4-HMAC-SHA256 Credential={id}/20260901/eu-west-1/guardduty, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "must have the form" },
        { "AWS4-HMAC-SHA256 Credential={id}/20260901/eu-west-1/guardduty/aws5_request, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "must have the form" },
        { "AWS4-HMAC-SHA256 Credential={id}/20260901/../guardduty/aws4_request, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "must have the form" },
        { "AWS4-HMAC-SHA256 Credential=AKIA/20260901/eu-west-1/guardduty/aws4_request, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "must have the form" },
        { "AWS4-HMAC-SHA256 Credential=AKIA';DROP TABLE/20260901/eu-west-1/guardduty/aws4_request, SignedHeaders={headers}, Signature={signature}", "IncompleteSignatureException", "must have the form" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature=00", "IncompleteSignatureException", "64 lower-case" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature={SIGNATURE}", "IncompleteSignatureException", "64 lower-case" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=x-amz-date;host, Signature={signature}", "IncompleteSignatureException", "sorted" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;host;x-amz-date, Signature={signature}", "IncompleteSignatureException", "each once" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=Host;X-Amz-Date, Signature={signature}", "IncompleteSignatureException", "lower case" },
        { "AWS4-HMAC-SHA256 Credential={id}/20260831/eu-west-1/guardduty/aws4_request, SignedHeaders={headers}, Signature={signature}", "InvalidSignatureException", "Date in Credential scope" },
        { "AWS4-HMAC-SHA256 Credential={id}/20260901/eu-west-1/s3/aws4_request, SignedHeaders={headers}, Signature={signature}", "InvalidSignatureException", "correct service: 'guardduty'" },
        { "AWS4-HMAC-SHA256 Credential={id}/20260901/us-east-1/guardduty/aws4_request, SignedHeaders={headers}, Signature={signature}", "InvalidSignatureException", "does not match" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=x-amz-date, Signature={signature}", "InvalidSignatureException", "'Host' must be" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature={signature}", "InvalidSignatureException", "'x-amz-date' must be" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date;x-other, Signature={signature}", "InvalidSignatureException", "'x-other' was not sent" },
        { "AWS4-HMAC-SHA256 Credential=AKIAAAAAAAAAAAAAAAAA/20260901/eu-west-1/guardduty/aws4_request, SignedHeaders={headers}, Signature={signature}", "UnrecognizedClientException", "security token included in the request is invalid" },
        { "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature=0000000000000000000000000000000000000000000000000000000000000000", "InvalidSignatureException", "does not match" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_authorization_that_is_not_whole_or_not_right_is_refused(string authorization, string code, string message)
    {
        var request = await Request();
        var head = request.Sign();
        var signature = head.Header("Authorization")![^64..];
        var changed = authorization.Replace("{credential}", $"{request.KeyId}/{request.Scope}", StringComparison.Ordinal).Replace("{id}", request.KeyId, StringComparison.Ordinal)
            .Replace("{headers}", "host;x-amz-date", StringComparison.Ordinal).Replace("{signature}", signature, StringComparison.Ordinal).Replace("{SIGNATURE}", signature.ToUpperInvariant(), StringComparison.Ordinal);
        head = Without(head, "Authorization");
        await Refused(code, message, authorization == "no signature" ? head : head with { Headers = [.. head.Headers, new("Authorization", changed)] }, request.Body);
    }

    [Fact]
    public async Task Whatever_is_changed_after_it_was_signed_is_seen()
    {
        var request = await Request() with { Query = "a=1", Headers = [new("X-Amz-Meta", "one")] };
        var head = request.Sign();
        RequestHead[] changed =
        [
            head with { Method = "GET" }, head with { Path = "/detector/12abc/findings/get" }, head with { Query = "a=2" }, head with { Query = "a=1&b=1" }, head with { Query = "" },
            head with { Headers = [.. head.Headers.Select(header => header.Key == "X-Amz-Meta" ? new(header.Key, "two") : header)] },
            head with { Headers = [.. head.Headers.Select(header => header.Key == "Host" ? new(header.Key, "elsewhere") : header)] },
            head with { Headers = [.. head.Headers, new("X-Amz-Meta", "two")] },
        ];
        foreach (var one in changed) await Refused("InvalidSignatureException", "does not match", one, request.Body);
        await Refused("InvalidSignatureException", "does not match", head, "{\"maxResults\":6}"u8.ToArray());
        await Refused("InvalidSignatureException", "must be a 'SignedHeader'", head with { Headers = [.. head.Headers, new("X-Amz-Added", "1")] }, request.Body);
        await Verify(head with { Headers = [.. head.Headers, new("Accept", "*/*")] }, request.Body);
    }

    [Theory]
    [InlineData("20260901T114459Z", "Signature expired: 20260901T114459Z is now earlier than 20260901T114500Z")]
    [InlineData("20260901T121501Z", "Signature not yet current: 20260901T121501Z is still later than 20260901T121500Z")]
    public async Task Old_and_early_requests_are_refused(string timestamp, string message)
    {
        var request = await Request() with { Time = DateTimeOffset.ParseExact(timestamp, "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal) };
        await Refused("InvalidSignatureException", message, request.Sign(), request.Body);
    }

    [Theory]
    [InlineData(null, "requires existence of either")]
    [InlineData("yesterday", "ISO-8601")]
    [InlineData("2026-09-01T12:00:00Z", "ISO-8601")]
    public async Task A_request_has_a_date_that_can_be_read(string? date, string message)
    {
        var request = await Request();
        var head = Without(request.Sign(), "X-Amz-Date");
        await Refused("IncompleteSignatureException", message, date is null ? head : head with { Headers = [.. head.Headers, new("X-Amz-Date", date)] }, request.Body);
    }

    [Fact]
    public async Task Keys_that_are_revoked_expired_or_of_a_session_are_not_taken()
    {
        var request = await Request();
        await Refused("UnrecognizedClientException", "invalid", (request with { Headers = [new("X-Amz-Security-Token", "a-session")] }).Sign(), request.Body);
        await Refused("InvalidSignatureException", "does not match", (request with { Secret = request.Secret + "x" }).Sign(), request.Body);
        Assert.True(await _keys.Revoke(request.KeyId));
        await Refused("UnrecognizedClientException", "invalid", request.Sign(), request.Body);

        var made = await _keys.Create(Server.Account, "short", Role.Viewer, TimeSpan.FromMinutes(5));
        var expiring = new SignedRequest(made.Key.Id, made.Secret, Now);
        await Verify(expiring.Sign(), expiring.Body);
        _time.Now += TimeSpan.FromMinutes(5);
        await Refused("ExpiredTokenException", "expired", expiring.Sign(), expiring.Body);
    }

    [Fact]
    public async Task A_payload_that_is_declared_is_the_one_that_is_sent()
    {
        var request = await Request();
        await Refused("InvalidSignatureException", "is not the hash of the body", (request with { PayloadHash = SignedRequest.Hash("other"u8.ToArray()) }).Sign(), request.Body);
        await Refused("InvalidSignatureException", "over TLS only", (request with { PayloadHash = "UNSIGNED-PAYLOAD", IsPrivate = false }).Sign(), request.Body);
        await Refused("InvalidSignatureException", "is not the hash of the body", (request with { PayloadHash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER" }).Sign(), request.Body);
    }

    [Theory]
    [InlineData("0", "X-Amz-Expires")]
    [InlineData("-1", "X-Amz-Expires")]
    [InlineData("604801", "X-Amz-Expires")]
    [InlineData("soon", "X-Amz-Expires")]
    [InlineData("", "'X-Amz-Expires'")]
    public async Task A_presigned_request_lives_for_a_second_to_a_week(string expires, string message)
    {
        var request = await Request();
        await Refused("IncompleteSignatureException", message, request.Presign(expires), request.Body);
    }

    [Fact]
    public async Task A_presigned_request_is_whole_and_unchanged()
    {
        var request = await Request() with { Query = "a=1" };
        var head = request.Presign();
        foreach (var name in (string[])["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"])
            await Refused("IncompleteSignatureException", $"'{name}'", head with { Query = string.Join('&', head.Query.Split('&').Where(part => !part.StartsWith(name + "=", StringComparison.Ordinal))) }, request.Body);
        await Refused("IncompleteSignatureException", "'X-Amz-Signature', once", head with { Query = head.Query + "&X-Amz-Signature=00" }, request.Body);
        await Refused("IncompleteSignatureException", "only one is allowed", head with { Headers = [.. head.Headers, new("Authorization", request.Sign().Header("Authorization")!)] }, request.Body);
        await Refused("InvalidSignatureException", "does not match", head with { Query = head.Query.Replace("a=1", "a=2", StringComparison.Ordinal) }, request.Body);
        await Refused("InvalidSignatureException", "does not match", head with { Query = head.Query.Replace("Expires=60", "Expires=6000", StringComparison.Ordinal) }, request.Body);
        await Refused("UnrecognizedClientException", "invalid", head with { Query = head.Query + "&X-Amz-Security-Token=abc" }, request.Body);
        await Refused("InvalidSignatureException", "must be a 'SignedHeader'", head with { Headers = [.. head.Headers, new("X-Amz-Date", request.Timestamp)] }, request.Body);
    }

    [Fact]
    public async Task Chunks_are_taken_whole_in_order_and_unchanged()
    {
        var (request, head, body) = await Chunked("hello ", "world");
        var text = Encoding.Latin1.GetString(body);
        var chunks = text.Split("\r\n");
        Task Bad(string code, string message, string changed) => Refused(code, message, head, Encoding.Latin1.GetBytes(changed));

        await Bad("InvalidSignatureException", "does not match", text.Replace("world", "World", StringComparison.Ordinal));
        await Bad("InvalidSignatureException", "does not match", string.Join("\r\n", chunks[2], chunks[3], chunks[0], chunks[1], chunks[4], "", ""));
        await Bad("IncompleteSignatureException", "A chunk of the body is not", string.Join("\r\n", chunks[..4]) + "\r\n"); // the last, empty one is cut off
        await Bad("IncompleteSignatureException", "A chunk of the body is not", text[..^3]);
        await Bad("IncompleteSignatureException", "goes on after its last chunk", text + "more");
        await Bad("IncompleteSignatureException", "A chunk of the body is not", "hello world");
        await Bad("IncompleteSignatureException", "A chunk of the body is not", "");
        await Bad("IncompleteSignatureException", "A chunk of the body is not", text.Replace("6;", "7fffffff;", StringComparison.Ordinal));
        await Bad("IncompleteSignatureException", "A chunk of the body is longer", text.Replace("6;", "5;", StringComparison.Ordinal));
        await Bad("IncompleteSignatureException", "A chunk of the body is not", text.Replace("chunk-signature=", "signature=", StringComparison.Ordinal));
        await Refused("InvalidSignatureException", "'x-amz-decoded-content-length' was not sent", Without(head, "X-Amz-Decoded-Content-Length"), body);

        var lying = request with { Headers = [new("X-Amz-Decoded-Content-Length", "5")] };
        var lie = lying.Sign();
        await Refused("IncompleteSignatureException", "another length", lie, lying.Chunks(lie.Header("Authorization")![^64..], "hello "));
        var silent = (request with { Headers = [] }).Sign();
        await Refused("IncompleteSignatureException", "requires the header", silent, request.Chunks(silent.Header("Authorization")![^64..], "hello "));
    }

    [Fact]
    public async Task The_body_of_a_request_that_nobody_signed_is_not_even_read()
    {
        var request = await Request();
        var head = (request with { KeyId = "AKIAAAAAAAAAAAAAAAAA" }).Sign();
        await Assert.ThrowsAsync<AwsException>(() => _verifier.Verify(head, _ => throw new InvalidOperationException("read"), CancellationToken.None));
    }

    private async Task<SignedRequest> Request()
    {
        var made = await _keys.Create(Server.Account, "tester", Role.Admin);
        return new(made.Key.Id, made.Secret, Now);
    }

    private async Task<(SignedRequest Request, RequestHead Head, byte[] Body)> Chunked(params string[] chunks)
    {
        var request = await Request() with { PayloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Headers = [new("X-Amz-Decoded-Content-Length", $"{chunks.Sum(chunk => chunk.Length)}")] };
        var head = request.Sign();
        return (request, head, request.Chunks(head.Header("Authorization")![^64..], chunks));
    }

    private Task<Caller> Verify(RequestHead head, byte[] body) => _verifier.Verify(head, _ => Task.FromResult(body), CancellationToken.None);

    private async Task Refused(string code, string message, RequestHead head, byte[] body)
    {
        var refusal = await Assert.ThrowsAsync<AwsException>(() => Verify(head, body));
        Assert.Equal((403, code), (refusal.Status, refusal.Code));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    private static RequestHead Without(RequestHead head, string name) =>
        head with { Headers = [.. head.Headers.Where(header => !header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))] };
}
