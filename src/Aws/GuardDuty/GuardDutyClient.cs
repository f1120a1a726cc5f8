using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Yagura.Aws.Connections;

namespace Yagura.Aws.GuardDuty;

/// <summary>Asks a GuardDuty of one region, AWS's or Yagura's, over HTTP.</summary>
internal sealed class GuardDutyClient(string region, Uri endpoint, Func<Task<ImmutableCredentials>> credentials, TimeProvider time)
{
    private const int LargestAnswer = 4 << 20, MostTries = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(400);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = AwsConnections.Patience })
    {
        Timeout = AwsConnections.Patience, MaxResponseContentBufferSize = LargestAnswer,
    };

    public string Region => region;

    /// <param name="operation">Such as <c>GetFilter</c>, which is the name of the permission as well.</param>
    /// <exception cref="GuardDutyException">It could not be done; the message says why.</exception>
    public async Task<JsonObject> Send(string operation, HttpMethod method, IReadOnlyList<string> path, IReadOnlyDictionary<string, string>? query = null, JsonObject? body = null, CancellationToken cancel = default)
    {
        var request = new SignedRequest(method, "guardduty", region, endpoint)
        {
            Path = path, Query = query ?? new Dictionary<string, string>(StringComparer.Ordinal), Body = body?.ToJsonString() ?? "",
        };
        for (var tries = 1; ; tries++)
        {
            var (status, answer) = await Once(operation, request, cancel);
            if ((int)status is >= 200 and < 300) return answer ?? throw new GuardDutyException(operation, $"the answer of {endpoint.Host} is no JSON object");
            var kind = KindOf(answer);
            // What only asks may be asked again whatever happened; what changes something, where it certainly did not.
            var isThrottled = status == HttpStatusCode.TooManyRequests || kind is "ThrottlingException" or "TooManyRequestsException" or "RequestLimitExceeded";
            if (tries >= MostTries || !(isThrottled || ((int)status >= 500 && method == HttpMethod.Get))) throw new GuardDutyException(operation, Explain(operation, status, kind, answer), status, kind);
            await Task.Delay(FirstPause * (1 << (tries - 1)), time, cancel);
        }
    }

    private async Task<(HttpStatusCode Status, JsonObject? Answer)> Once(string operation, SignedRequest request, CancellationToken cancel)
    {
        try
        {
            using var signed = request.Sign(await credentials(), time.GetUtcNow());
            using var answer = await Http.SendAsync(signed, cancel);
            return (answer.StatusCode, Parse(await answer.Content.ReadAsByteArrayAsync(cancel)));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new GuardDutyException(operation, $"{endpoint.Authority} cannot be reached, or does not answer in time", inner: error);
        }
        catch (Exception error) when (error is CredentialsMissingException or AmazonClientException && !cancel.IsCancellationRequested)
        {
            throw new GuardDutyException(operation, error.Message, inner: error);
        }
    }

    private static JsonObject? Parse(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? [] : JsonNode.Parse(bytes, null, new() { MaxDepth = 64, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // told by who asked
        }
    }

    private static string KindOf(JsonObject? answer) => TextOf(answer, "__type") ?? TextOf(answer, "code") ?? "";

    private static string? TextOf(JsonObject? answer, string name) => answer?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Explain(string operation, HttpStatusCode status, string kind, JsonObject? answer)
    {
        var message = TextOf(answer, "message") ?? TextOf(answer, "Message") ?? "";
        return status == HttpStatusCode.Forbidden && (kind.StartsWith("AccessDenied", StringComparison.Ordinal) || message.Contains("not authorized", StringComparison.OrdinalIgnoreCase) || (kind.Length == 0 && message.Length == 0))
                ? $"access is denied; needed is guardduty:{operation}"
            : status == HttpStatusCode.Forbidden ? $"the credentials are not accepted ({(kind.Length > 0 ? kind : message)})"
            : $"GuardDuty answered {(int)status}{(message.Length > 0 ? $": {message}" : "")}";
    }
}

/// <summary>GuardDuty did not do what was asked of it. The message says why, and how that can be changed.</summary>
public sealed class GuardDutyException(string operation, string message, HttpStatusCode? status = null, string kind = "", Exception? inner = null) : IOException(message, inner)
{
    public string Operation => operation;

    public HttpStatusCode? Status => status;

    /// <summary>AWS's name of the error; empty where it has none.</summary>
    public string Kind => kind;
}
