namespace Yagura.Logs.S3Access;

/// <summary>Tells S3's object-level (data) operations from its bucket-level (management) ones by name.</summary>
public static class S3Operations
{
    /// <summary>True when the call is one that CloudTrail records as an S3 data event.</summary>
    /// <remarks>Source: AWS CloudTrail user guide, "Amazon S3 object-level API actions".</remarks>
    public static bool IsData(ReadOnlySpan<byte> eventSource, ReadOnlySpan<byte> eventName) =>
        eventSource.SequenceEqual("s3.amazonaws.com"u8)
        && (eventName.IndexOf("Object"u8) >= 0 || eventName.IndexOf("MultipartUpload"u8) >= 0 || eventName.StartsWith("UploadPart"u8)
            || eventName.SequenceEqual("HeadBucket"u8) || eventName.SequenceEqual("ListParts"u8));
}
