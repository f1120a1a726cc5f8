using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Yagura.Core.Json;

namespace Yagura.Aws.Sqs;

/// <summary>What a message in a queue says about objects that came to S3.</summary>
/// <param name="Objects">Those that it names; none for a test event, or where objects were only removed.</param>
/// <param name="Problem">Why the message cannot be understood; null where it can.</param>
internal sealed record S3Notification(IReadOnlyList<S3Arrival> Objects, string? Problem)
{
    private const int DeepestEnvelope = 3;

    /// <summary>Reads the event of S3 itself, of EventBridge, and of CloudTrail's own topic; as such or inside a message of SNS.</summary>
    /// <remarks><code>{"Records":[{"eventName":"ObjectCreated:Put","eventTime":"…","s3":{"bucket":{"name":"b"},"object":{"key":"a+b%2Fc","size":1,"eTag":"…"}}}]}</code>
    /// <code>{"source":"aws.s3","detail-type":"Object Created","time":"…","detail":{"bucket":{"name":"b"},"object":{"key":"a b/c","size":1,"etag":"…"}}}</code>
    /// <code>{"s3Bucket":"b","s3ObjectKey":["a b/c"]}</code>
    /// Keys are URL-encoded in the first form only. Sources: Amazon S3 User Guide, "Event message structure" and "EventBridge event message
    /// structure"; CloudTrail User Guide, "Configuring Amazon SNS notifications".</remarks>
    public static S3Notification Parse(string body) => Parse(Encoding.UTF8.GetBytes(body), DeepestEnvelope);

    private static S3Notification Parse(byte[] body, int envelopes)
    {
        if (!JsonText.TryParse(body, out var document)) return NotUnderstood("it is not JSON");
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return NotUnderstood("it is not a JSON object");
            if (Text(root, "Type") == "Notification" && Text(root, "Message") is { } inner)
                return envelopes > 0 ? Parse(Encoding.UTF8.GetBytes(inner), envelopes - 1) : NotUnderstood("it is wrapped too often");
            if (Text(root, "Event") == "s3:TestEvent") return new([], null);
            if (root.TryGetProperty("Records", out var records) && records.ValueKind == JsonValueKind.Array) return FromS3(records);
            if (Text(root, "source") == "aws.s3") return FromEventBridge(root);
            return Text(root, "s3Bucket") is { } bucket ? FromCloudTrail(root, bucket) : NotUnderstood("it is no notification of S3");
        }
    }

    private static S3Notification FromS3(JsonElement records)
    {
        var objects = new List<S3Arrival>();
        foreach (var record in records.EnumerateArray())
        {
            if (Text(record, "eventName") is not { } name) return NotUnderstood("a record has no eventName");
            if (name.StartsWith("s3:", StringComparison.Ordinal)) name = name[3..];
            if (!name.StartsWith("ObjectCreated:", StringComparison.Ordinal) && name != "ObjectRestore:Completed") continue;
            if (Arrival(Part(record, "s3"), "eTag", Text(record, "eventTime")) is not { } arrival) return NotUnderstood("a record names no bucket or no key");
            objects.Add(arrival with { Key = WebUtility.UrlDecode(arrival.Key) });
        }
        return new(objects, null);
    }

    private static S3Notification FromEventBridge(JsonElement root)
    {
        if (Text(root, "detail-type") is not ("Object Created" or "Object Restore Completed")) return new([], null);
        return Arrival(Part(root, "detail"), "etag", Text(root, "time")) is { } arrival ? new([arrival], null) : NotUnderstood("it names no bucket or no key");
    }

    private static S3Notification FromCloudTrail(JsonElement root, string bucket)
    {
        var keys = Part(root, "s3ObjectKey");
        return keys.ValueKind == JsonValueKind.Array && keys.EnumerateArray().All(key => key.ValueKind == JsonValueKind.String)
            ? new([.. keys.EnumerateArray().Select(key => new S3Arrival(bucket, key.GetString()!, null, null, null))], null)
            : NotUnderstood("it names no keys");
    }

    private static S3Arrival? Arrival(JsonElement s3, string etag, string? time)
    {
        var stored = Part(s3, "object");
        if (Text(Part(s3, "bucket"), "name") is not { Length: > 0 } bucket || Text(stored, "key") is not { Length: > 0 } key) return null;
        var size = Part(stored, "size");
        return new(
            bucket, key, size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null, Text(stored, etag)?.Trim('"'),
            DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null);
    }

    private static S3Notification NotUnderstood(string why) => new([], $"the message cannot be understood: {why}");

    private static JsonElement Part(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : default;

    private static string? Text(JsonElement element, string name) => Part(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>An object that came to S3.</summary>
/// <param name="Key">Decoded.</param>
/// <param name="ETag">Without quotes; null where the message does not say.</param>
internal sealed record S3Arrival(string Bucket, string Key, long? Size, string? ETag, DateTimeOffset? Time);
