using System.Text;
using Yagura.Core.Ports;

namespace Yagura.Aws.Sqs;

/// <summary>The objects that a message of a queue names.</summary>
public static class MessageObjects
{
    /// <returns>None where it cannot be understood.</returns>
    public static IReadOnlyList<LogObjectReference> Of(ReadOnlyMemory<byte> body) =>
    [
        .. S3Notification.Parse(Encoding.UTF8.GetString(body.Span)).Objects.Where(arrival => S3Location.IsBucketName(arrival.Bucket))
            .Select(arrival => new LogObjectReference(new S3Location(arrival.Bucket, "").NameOf(arrival.Key), arrival.Size, arrival.ETag, arrival.Time)),
    ];
}
