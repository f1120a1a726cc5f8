using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace Yagura.Engine.Ingestion.Push;

/// <summary>The records of a request of Firehose, as one log object: one after the other, each on lines of its own.</summary>
/// <remarks>Records that come from CloudWatch Logs are compressed one by one; they are decompressed here.</remarks>
internal static class FirehoseBody
{
    /// <exception cref="FirehoseException">It is not what Firehose sends, or too large.</exception>
    public static ReadOnlyMemory<byte> Logs(ReadOnlyMemory<byte> body, string requestId)
    {
        var logs = new ArrayBufferWriter<byte>();
        try
        {
            var json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 8 });
            string? id = null;
            var hasRecords = false;
            Expect(ref json, JsonTokenType.StartObject);
            while (Next(ref json) == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("records"u8))
                {
                    Expect(ref json, JsonTokenType.StartArray);
                    while (Next(ref json) == JsonTokenType.StartObject) ReadRecord(ref json, logs);
                    hasRecords = true;
                }
                else if (json.ValueTextEquals("requestId"u8)) id = Next(ref json) == JsonTokenType.String ? json.GetString() : null;
                else json.Skip();
            }
            if (!hasRecords) throw new FirehoseException(400, "the body has no records");
            if (id != requestId) throw new FirehoseException(400, "the requestId of the body is not that of the header");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FirehoseException(400, "the body is not the JSON that Firehose sends");
        }
        return logs.WrittenMemory;
    }

    private static void ReadRecord(ref Utf8JsonReader json, ArrayBufferWriter<byte> logs)
    {
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var isData = json.ValueTextEquals("data"u8);
            Next(ref json);
            if (!isData)
            {
                json.Skip();
                continue;
            }
            if (json.TokenType != JsonTokenType.String || !json.TryGetBytesFromBase64(out var data)) throw new FirehoseException(400, "the data of a record is not base64");
            Append(data, logs);
        }
    }

    private static void Append(byte[] data, ArrayBufferWriter<byte> logs)
    {
        if (data.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) data = Expand(data, PushedObjects.LargestObject - logs.WrittenCount);
        if (logs.WrittenCount + data.Length + 1 > PushedObjects.LargestObject) throw TooLarge();
        logs.Write(data);
        if (data is not [.., (byte)'\n']) logs.Write("\n"u8);
    }

    private static byte[] Expand(byte[] data, int most)
    {
        try
        {
            using var content = new GZipStream(new MemoryStream(data, writable: false), CompressionMode.Decompress);
            return BoundedBytes.Read(content, most) ?? throw TooLarge();
        }
        catch (InvalidDataException)
        {
            throw new FirehoseException(400, "a record is damaged gzip");
        }
    }

    private static FirehoseException TooLarge() => new(413, $"the records are larger than {PushedObjects.LargestObject >> 20} MiB");

    private static JsonTokenType Next(ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw new JsonException();

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (Next(ref json) != type) throw new JsonException();
    }
}
