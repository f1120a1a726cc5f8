namespace Yagura.Logs.S3Access;

/// <summary>What an S3 object-level call does.</summary>
public enum S3OperationKind
{
    /// <summary>Lists or inspects: names, permissions, tags.</summary>
    Discovery,
    /// <summary>Reads the content of objects.</summary>
    Read,
    /// <summary>Changes objects, their permissions or their existence.</summary>
    Write,
}

/// <summary>Tells S3's object-level (data) operations from its bucket-level (management) ones by name.</summary>
public static class S3Operations
{
    /// <summary>True when the call is one that CloudTrail records as an S3 data event.</summary>
    /// <remarks>Source: AWS CloudTrail user guide, "Amazon S3 object-level API actions".</remarks>
    public static bool IsData(ReadOnlySpan<byte> eventSource, ReadOnlySpan<byte> eventName) =>
        eventSource.SequenceEqual("s3.amazonaws.com"u8)
        && (eventName.IndexOf("Object"u8) >= 0 || eventName.IndexOf("MultipartUpload"u8) >= 0 || eventName.StartsWith("UploadPart"u8)
            || eventName.SequenceEqual("HeadBucket"u8) || eventName.SequenceEqual("ListParts"u8));

    public static S3OperationKind Kind(ReadOnlySpan<byte> eventName) =>
        eventName.StartsWith("List"u8) || eventName.StartsWith("Head"u8) || eventName.StartsWith("GetBucket"u8)
            || (eventName.StartsWith("GetObject"u8) && eventName.Length > "GetObject".Length && !eventName.SequenceEqual("GetObjectTorrent"u8)) ? S3OperationKind.Discovery
        : eventName.StartsWith("Get"u8) || eventName.StartsWith("Select"u8) || eventName.SequenceEqual("CopyObject"u8) ? S3OperationKind.Read
        : S3OperationKind.Write;
}
