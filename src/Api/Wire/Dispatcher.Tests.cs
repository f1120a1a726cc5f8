using System.Net;
using System.Text;
using System.Text.Json;
using Yagura.Api.GuardDuty;
using Yagura.Api.Signing;
using Yagura.Api.Wire;

namespace Yagura.Api.Tests;

/// <summary>What comes over HTTP: whole requests, broken ones, and those that nobody may make.</summary>
public sealed class DispatcherTests : IAsyncLifetime
{
    private const string Detector = "/detector/7112b24d1ef769a8e57802785c24ae4f"; // that of the account in eu-west-1

    private readonly HttpClient _http = new();
    private Server _server = null!;
    private NewAccessKey _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.Start();
        _admin = await _server.Key();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_refusal_has_the_shape_of_the_real_service()
    {
        var (status, headers, body) = await Send("GET", Detector, "");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("BadRequestException", headers["x-amzn-ErrorType"]);
        Assert.True(Guid.TryParse(headers["x-amzn-RequestId"], out _));
        Assert.Equal("""{"message":"The request is rejected because the input detectorId is not owned by the current account.","__type":"InvalidInputException"}""", body);
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("PUT", "/detector", 404)]
    [InlineData("GET", "/detector/", 404)]
    [InlineData("GET", "/detector/a/../../admin/x", 404)]
    [InlineData("GET", "/detector/%2e%2e/%2e%2e", 404)]
    [InlineData("GET", "//detector", 404)]
    [InlineData("GET", "/Detector", 404)]
    [InlineData("GET", "/detector/a%00b", 400)]
    [InlineData("GET", "/detector/..%2f..%2fetc%2fpasswd", 400)]
    [InlineData("GET", "/detector/%ff%fe", 400)]
    [InlineData("GET", "/tags/not-an-arn", 400)]
    [InlineData("GET", "/tags/arn%3Aaws%3Aguardduty%3Aeu-west-1%3A111122223333%3Adetector%2F..%2F..", 400)]
    public async Task Paths_that_lead_nowhere_lead_nowhere(string method, string path, int status) => Assert.Equal(status, (int)(await Send(method, path, "")).Status);

    [Theory]
    [InlineData("", "The request is rejected because the required parameter enable is missing.")]
    [InlineData("{", "The body of the request is not a JSON object.")]
    [InlineData("[]", "The body of the request is not a JSON object.")]
    [InlineData("\"text\"", "The body of the request is not a JSON object.")]
    [InlineData("{\"enable\":true}x", "The body of the request is not a JSON object.")]
    [InlineData("{\"enable\":true,\"enable\":false}", "The body of the request is not a JSON object.")]
    [InlineData("{\"enable\":null}", "The request is rejected because the required parameter enable is missing.")]
    [InlineData("{\"enable\":\"true\"}", "The request is rejected because the parameter enable has an invalid value: true or false is expected.")]
    [InlineData("{\"enable\":true,\"findingPublishingFrequency\":\"DAILY\"}", "The request is rejected because the parameter findingPublishingFrequency has an invalid value: it is one of FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS.")]
    [InlineData("{\"enable\":true,\"tags\":[]}", "The request is rejected because the parameter tags has an invalid value: an object is expected.")]
    [InlineData("{\"enable\":true,\"tags\":{\"a\":1}}", "The request is rejected because the parameter tags.a has an invalid value: a text is expected.")]
    [InlineData("{\"enable\":true,\"clientToken\":\"\\ud800\"}", "The request is rejected because the parameter clientToken has an invalid value: it holds an escape that is no character.")]
    [InlineData("{\"enable\":true,\"features\":[1]}", "The request is rejected because the parameter features[0] has an invalid value: an object is expected.")]
    [InlineData("{\"enable\":true,\"features\":[{\"name\":\"NEW\"}]}", "The request is rejected because the parameter features[0].name has an invalid value: it is one of")]
    [InlineData("{\"enable\":true,\"features\":[{\"name\":\"RUNTIME_MONITORING\",\"status\":\"ENABLED\"},{\"name\":\"EKS_RUNTIME_MONITORING\",\"status\":\"ENABLED\"}]}", "The request is rejected because EKS_RUNTIME_MONITORING and RUNTIME_MONITORING cannot both be enabled.")]
    public async Task What_does_not_fit_is_refused_with_its_place(string body, string message)
    {
        var (status, _, answer) = await Send("POST", "/detector", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        using var json = JsonDocument.Parse(answer);
        Assert.StartsWith(message, json.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"detectorIds":[]}""", (await Send("GET", "/detector", "")).Body);
    }

    [Fact]
    public async Task Nested_and_endless_bodies_are_refused_in_bounded_memory()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Send("POST", "/detector", new string('[', 100_000))).Status);
        var (status, headers, _) = await Send("POST", "/detector", new string(' ', Dispatcher.MostBody + 1));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestTooLargeException"), (status, headers["x-amzn-ErrorType"]));
        var largest = "{\"enable\":true}".PadRight(Dispatcher.MostBody);
        Assert.Equal(HttpStatusCode.OK, (await Send("POST", "/detector", largest)).Status);
    }

    [Fact]
    public async Task Nobody_is_told_how_it_went_wrong_inside()
    {
        await Send("POST", "/detector", "{\"enable\":true}");
        var (status, headers, body) = await Send("POST", Detector + "/findings", ""); // this server has no store of findings
        Assert.Equal((HttpStatusCode.InternalServerError, "InternalServerErrorException"), (status, headers["x-amzn-ErrorType"]));
        Assert.Equal("""{"message":"An internal server error occurred.","__type":"InternalServerErrorException"}""", body);
    }

    [Fact]
    public async Task Each_operation_is_closed_to_those_below_its_role()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var key = await _server.Key(role);
            foreach (var operation in GuardDutyOperations.All)
            {
                var path = "/" + string.Join('/', operation.Segments.Select(segment => segment[0] == '{' ? "x" : segment));
                var (_, headers, body) = await Send(operation.Method, path, "", key);
                Assert.Equal(role < operation.Role, headers.GetValueOrDefault("x-amzn-ErrorType") == "AccessDeniedException");
                if (role < operation.Role) Assert.Contains($"User: arn:aws:iam::111122223333:user/{key.Key.Name} is not authorized to perform: guardduty:{operation.Name} on resource: arn:aws:guardduty:eu-west-1:", body, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Of_many_who_create_a_detector_at_once_one_does()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send("POST", "/detector", "{\"enable\":true}")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(["CreateAccessKey", "CreateDetector"], _server.Documents.Records.Select(record => record.Action));
    }

    [Fact]
    public async Task The_same_call_with_the_same_token_is_made_once()
    {
        const string Body = "{\"enable\":true,\"clientToken\":\"abc\"}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Send("POST", "/detector", Body)));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Body), (answer.Status, answer.Body)));
        Assert.Single(_server.Documents.Records, record => record.Action == "CreateDetector");
        Assert.Equal(HttpStatusCode.BadRequest, (await Send("POST", "/detector", Body.Replace("true", "false", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task The_audit_log_tells_who_changed_what_and_nothing_of_what_was_refused()
    {
        await Send("POST", "/detector", "{\"enable\":true}");
        await Send("POST", "/detector", "{\"enable\":true}");
        await Send("POST", Detector, "{\"enable\":false}");
        var record = _server.Documents.Records[^1];
        Assert.Equal(("UpdateDetector", _admin.Key.Id, "111122223333/eu-west-1" + Detector, "{\"enable\":false}"), (record.Action, record.Actor, record.Subject, Encoding.UTF8.GetString(record.Details.Span)));
        Assert.Equal(3, _server.Documents.Records.Count);
    }

    [Fact]
    public async Task Accounts_and_regions_see_their_own()
    {
        await Send("POST", "/detector", "{\"enable\":true}");
        var other = await _server.Key(account: "444455556666");
        Assert.Equal("""{"detectorIds":[]}""", (await Send("GET", "/detector", "", other)).Body);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send("GET", Detector, "", other)).Status);
        Assert.Equal("""{"detectorIds":[]}""", (await Send("GET", "/detector", "", region: "us-east-1")).Body);
        Assert.Equal(HttpStatusCode.OK, (await Send("GET", Detector, "")).Status);
    }

    private async Task<(HttpStatusCode Status, Dictionary<string, string> Headers, string Body)> Send(string method, string target, string body, NewAccessKey? key = null, string region = "eu-west-1")
    {
        key ??= _admin;
        var bytes = Encoding.UTF8.GetBytes(body);
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var signed = new SignedRequest(key.Key.Id, key.Secret, TimeProvider.System.GetUtcNow())
        {
            Method = method, Path = question < 0 ? target : target[..question], Query = question < 0 ? "" : target[(question + 1)..], Body = bytes, Region = region,
        }.Sign();
        // As it stands: no part of the path is to be put right on the way.
        using var request = new HttpRequestMessage(new(method), new Uri(_server.Endpoint.ToString().TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in signed.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (bytes.Length > 0) request.Content = new ByteArrayContent(bytes);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
    }
}
