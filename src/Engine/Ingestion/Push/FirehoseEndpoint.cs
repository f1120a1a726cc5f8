using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Yagura.Engine.Ingestion.Push;

/// <summary>What a request of Amazon Data Firehose brings; header names as in the specification.</summary>
/// <param name="RequestId"><c>X-Amz-Firehose-Request-Id</c>, the same for each try of a request; null where it is missing.</param>
/// <param name="AccessKey"><c>X-Amz-Firehose-Access-Key</c>; null where it is missing.</param>
/// <param name="ContentEncoding"><c>Content-Encoding</c>: null or <c>gzip</c>.</param>
/// <param name="Body">Read once, to its end or to the limit.</param>
public sealed record FirehoseRequest(string? RequestId, string? AccessKey, string? ContentEncoding, Stream Body);

/// <param name="Status">The HTTP status; everything but 200 makes Firehose try again.</param>
/// <param name="Body"><c>application/json</c>, not compressed.</param>
public sealed record FirehoseAnswer(int Status, byte[] Body);

/// <summary>The receiving end of a Firehose stream: a request is answered when what it brought is committed.</summary>
/// <remarks><code>{"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","timestamp":1578090901599,"records":[{"data":"aGVsbG8="}]}</code>
/// Source: Amazon Data Firehose Developer Guide, "HTTP endpoint delivery request and response specifications".</remarks>
public sealed class FirehoseEndpoint
{
    /// <summary>Most bytes of a body after decompression, as the specification has it.</summary>
    public const int LargestBody = 64 << 20;

    /// <summary>Requests that are taken apart at a time; more wait.</summary>
    public const int AtATime = 4;

    /// <summary>Firehose waits three minutes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private const int LongestId = 128;

    private readonly PushedObjects _objects;
    private readonly TimeProvider _time;
    private readonly byte[] _key;
    private readonly SemaphoreSlim _places = new(AtATime);

    /// <param name="accessKey">What the stream is configured with; at least 16 characters.</param>
    public FirehoseEndpoint(PushedObjects objects, string accessKey, TimeProvider time)
    {
        if (accessKey.Length < 16) throw new ArgumentException("the access key of a Firehose endpoint has at least 16 characters", nameof(accessKey));
        (_objects, _time, _key) = (objects, time, Hash(accessKey));
    }

    public async Task<FirehoseAnswer> Answer(FirehoseRequest request, CancellationToken cancel)
    {
        // Hashes of equal length: the comparison tells nothing of the key, not even how long it is.
        if (!CryptographicOperations.FixedTimeEquals(Hash(request.AccessKey ?? ""), _key)) return Refuse(request, 401, "the access key is not valid");
        if (request.RequestId is not { Length: > 0 and <= LongestId } id || id.Any(character => !char.IsAsciiLetterOrDigit(character) && character != '-'))
            return Refuse(request, 400, "X-Amz-Firehose-Request-Id is missing or malformed");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await _places.WaitAsync(patience.Token);
            ReadOnlyMemory<byte> logs;
            try
            {
                logs = FirehoseBody.Logs(await Read(request, patience.Token), id);
            }
            finally
            {
                _places.Release();
            }
            var failure = logs.IsEmpty ? null : await _objects.Push(id, logs, patience.Token);
            return failure is null ? new(200, Write(id, error: null)) : Refuse(request, 500, failure);
        }
        catch (FirehoseException refusal)
        {
            return Refuse(request, refusal.Status, refusal.Message);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return Refuse(request, 503, "the records cannot be taken at the moment");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> Read(FirehoseRequest request, CancellationToken cancel)
    {
        await using var content = request.ContentEncoding switch
        {
            null or "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            _ => throw new FirehoseException(415, "the content encoding is neither gzip nor none"),
        };
        try
        {
            return await BoundedBytes.Read(content, LargestBody, cancel) ?? throw new FirehoseException(413, $"the body is larger than {LargestBody >> 20} MiB");
        }
        catch (InvalidDataException)
        {
            throw new FirehoseException(400, "the body is not valid gzip");
        }
    }

    private FirehoseAnswer Refuse(FirehoseRequest request, int status, string message) => new(status, Write(request.RequestId is { Length: <= LongestId } id ? id : "", message));

    private byte[] Write(string id, string? error)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("requestId", id);
            json.WriteNumber("timestamp", _time.GetUtcNow().ToUnixTimeMilliseconds());
            if (error is not null) json.WriteString("errorMessage", error.Length <= 1_000 ? error : error[..1_000]);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>A request that is refused, with the status of the answer.</summary>
internal sealed class FirehoseException(int status, string message) : Exception(message)
{
    public int Status => status;
}
