using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yagura.Api.Signing;
using Yagura.Core;
using Yagura.Core.Ports;

namespace Yagura.Api.Wire;

/// <summary>Takes a request from its first byte to its answer: who is it, what does it ask for, may it, do it, commit it, say so.</summary>
internal sealed partial class Dispatcher(Backend backend, RequestVerifier verifier, Router router, ILogger<Dispatcher> log) : IDisposable
{
    /// <summary>Largest body in bytes; no operation comes near it.</summary>
    public const int MostBody = 1 << 20;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // Settings change seldom, so changes are made one at a time: quotas, unique names and client tokens need no other lock.
    private readonly SemaphoreSlim _changing = new(1);

    public async Task Handle(HttpContext http)
    {
        var (cancel, response) = (http.RequestAborted, http.Response);
        var requestId = Replies.NewRequestId();
        response.Headers[Replies.RequestId] = requestId;
        try
        {
            var head = HeadOf(http);
            var caller = await verifier.Verify(head, cancel => ReadBody(http.Request, cancel), cancel);
            if (caller.Service == RequestVerifier.SecurityTokens)
            {
                await CallerIdentity.Answer(response, head, caller, requestId, cancel);
                return;
            }
            var (operation, json) = await Answer(head, caller, cancel);
            await Replies.Write(response, operation.Success, json, cancel);
        }
        catch (AwsException refusal)
        {
            await Replies.Write(response, refusal, cancel);
        }
        catch (BadHttpRequestException bad) when (!cancel.IsCancellationRequested)
        {
            await Replies.Write(response, new AwsException(bad.StatusCode, "BadRequestException", "The request is not whole."), cancel);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            Failed(fault, requestId);
            await Replies.Write(response, Refuse.Internal(), cancel);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // The client went away: there is nobody to answer.
        }
    }

    public void Dispose() => _changing.Dispose();

    private async Task<(Operation Operation, ReadOnlyMemory<byte> Json)> Answer(RequestHead head, Caller caller, CancellationToken cancel)
    {
        var (operation, parameters) = router.Match(head.Method, head.Path) ?? throw Refuse.UnknownOperation();
        if (caller.Key.Role < operation.Role)
            throw Refuse.AccessDenied(caller.Key.Arn, $"{operation.Service}:{operation.Name}", $"arn:{Partitions.Of(caller.Region)}:guardduty:{caller.Region}:{caller.Key.Account}:{head.Path[1..]}");
        using var body = Parse(caller.Body);
        var call = new Call(backend, operation, caller, parameters, head, body.RootElement);
        if (!operation.Changes) return (operation, await Run(call, cancel));
        await _changing.WaitAsync(cancel);
        try
        {
            return (operation, await Change(call, head.Path, caller.Body, cancel));
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<ReadOnlyMemory<byte>> Change(Call call, string path, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var hash = Idempotency.HashOf(path, body.Span);
        if (await Idempotency.Find(call, hash, cancel) is { } before) return before;
        var json = await Run(call, cancel);
        await Idempotency.Remember(call, hash, json, cancel);
        var record = new AuditRecord(call.Now, call.Key.Id, call.Operation.Name, $"{call.Account}/{call.Region}{path}", body);
        if (call.Changes.Count > 0) await backend.Documents.Write(call.Changes, record, cancel);
        else await backend.Audit.Append(record, cancel);
        call.Committed();
        return json;
    }

    private static async Task<ReadOnlyMemory<byte>> Run(Call call, CancellationToken cancel)
    {
        using var bytes = new MemoryStream(1024);
        await using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            await call.Operation.Handler(call, json, cancel);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static RequestHead HeadOf(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var headers = from header in http.Request.Headers from value in header.Value select KeyValuePair.Create(header.Key, value ?? "");
        var isPrivate = http.Request.IsHttps || (http.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address));
        return new(http.Request.Method, question < 0 ? target : target[..question], question < 0 ? "" : target[(question + 1)..], [.. headers], isPrivate);
    }

    private static async Task<byte[]> ReadBody(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MostBody) throw Refuse.TooLarge(MostBody);
        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[16_384];
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (body.Length + read > MostBody) throw Refuse.TooLarge(MostBody);
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, Strict);
        }
        catch (JsonException)
        {
            throw Refuse.NotJson();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "request {RequestId} failed")]
    private partial void Failed(Exception fault, string requestId);
}
