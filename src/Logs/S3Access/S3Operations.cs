using System.Collections.Frozen;

namespace Yagura.Logs.S3Access;

/// <summary>What a call does to a bucket's content, as the S3 finding types tell them apart.</summary>
public enum S3OperationKind
{
    /// <summary>Learns what is there: names, settings, permissions.</summary>
    Discovery,
    /// <summary>Takes an object's content.</summary>
    Read,
    /// <summary>Changes an object, a bucket or who may use them.</summary>
    Write,
}

/// <summary>Tells S3's object-level (data) operations from its bucket-level (management) ones, and what each of them does, by name.</summary>
public static class S3Operations
{
    /// <summary>The operations CloudTrail records as S3 data events, by the names they have in <c>eventName</c>.</summary>
    /// <remarks>Source: Amazon S3 user guide, "Amazon S3 CloudTrail events". HeadBucket and ListObjects work on a bucket and are data events all the same;
    /// GetBucketObjectLockConfiguration has "Object" in its name and is none.</remarks>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Data = new[]
    {
        "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "InitiateMultipartUpload",
        "DeleteObject", "DeleteObjects", "DeleteObjectTagging", "GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold",
        "GetObjectRetention", "GetObjectTagging", "GetObjectTorrent", "HeadBucket", "HeadObject", "ListMultipartUploads", "ListObjects",
        "ListObjectsV2", "ListObjectVersions", "ListParts", "PostObject", "PutObject", "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention",
        "PutObjectTagging", "RenameObject", "RestoreObject", "SelectObjectContent", "UploadPart", "UploadPartCopy",
    }.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True when the call is one that CloudTrail records as an S3 data event.</summary>
    /// <inheritdoc cref="Data" path="/remarks"/>
    public static bool IsData(ReadOnlySpan<byte> eventSource, ReadOnlySpan<byte> eventName)
    {
        if (!eventSource.SequenceEqual("s3.amazonaws.com"u8) || eventName.Length > 32) return false;
        Span<char> name = stackalloc char[eventName.Length];
        for (var i = 0; i < name.Length; i++) name[i] = (char)eventName[i];
        return Data.Contains(name);
    }

    /// <summary>What a call of S3 does. Names of later operations are judged by their verb; what is in doubt counts as a change.</summary>
    public static S3OperationKind Kind(ReadOnlySpan<byte> eventName) =>
        IsRead(eventName) ? S3OperationKind.Read
        : eventName.StartsWith("Get"u8) || eventName.StartsWith("List"u8) || eventName.StartsWith("Head"u8) || IsReadByMethod(eventName) ? S3OperationKind.Discovery
        : S3OperationKind.Write;

    private static bool IsRead(ReadOnlySpan<byte> eventName) =>
        eventName.SequenceEqual("GetObject"u8) || eventName.SequenceEqual("GetObjectTorrent"u8)
        || eventName.SequenceEqual("CopyObject"u8) || eventName.SequenceEqual("SelectObjectContent"u8);

    /// <summary>True for an operation of the access log (<c>REST.GET.…</c>) whose method changes nothing.</summary>
    internal static bool IsReadByMethod(ReadOnlySpan<byte> operation) =>
        operation.IndexOf(".GET."u8) >= 0 || operation.IndexOf(".HEAD."u8) >= 0 || operation.IndexOf(".OPTIONS."u8) >= 0;

    /// <summary>An operation of a server access log in CloudTrail's words.</summary>
    /// <param name="Name">UTF-8 event name.</param>
    /// <param name="ReadOnly">True when it changes nothing.</param>
    internal sealed record Operation(byte[] Name, bool ReadOnly);

    // METHOD.RESOURCE of the log's operation field, as it stands behind the first dot of REST.METHOD.RESOURCE, SOAP., WEBSITE. and BATCH..
    // Sources: Amazon S3 user guide, "server access log format" (operation) and "Amazon S3 CloudTrail events" (event names).
    private static readonly FrozenDictionary<string, Operation>.AlternateLookup<ReadOnlySpan<char>> ByResource = Table(
        ("GET.SERVICE", "ListBuckets"),
        ("GET.OBJECT", "GetObject"), ("HEAD.OBJECT", "HeadObject"), ("PUT.OBJECT", "PutObject"), ("POST.OBJECT", "PostObject"),
        ("DELETE.OBJECT", "DeleteObject"), ("POST.MULTI_OBJECT_DELETE", "DeleteObjects"), ("COPY.OBJECT", "CopyObject"), ("COPY.OBJECT_GET", "CopyObject"),
        ("GET.OBJECT_ATTRIBUTES", "GetObjectAttributes"), ("GET.TORRENT", "GetObjectTorrent"), ("POST.RESTORE", "RestoreObject"),
        ("POST.SELECT", "SelectObjectContent"),
        ("POST.UPLOADS", "CreateMultipartUpload"), ("GET.UPLOADS", "ListMultipartUploads"), ("PUT.PART", "UploadPart"), ("COPY.PART", "UploadPartCopy"),
        ("COPY.PART_GET", "UploadPartCopy"), ("POST.UPLOAD", "CompleteMultipartUpload"), ("GET.UPLOAD", "ListParts"), ("DELETE.UPLOAD", "AbortMultipartUpload"),
        ("GET.OBJECT_TAGGING", "GetObjectTagging"), ("PUT.OBJECT_TAGGING", "PutObjectTagging"), ("DELETE.OBJECT_TAGGING", "DeleteObjectTagging"),
        ("GET.LEGAL_HOLD", "GetObjectLegalHold"), ("PUT.LEGAL_HOLD", "PutObjectLegalHold"),
        ("GET.RETENTION", "GetObjectRetention"), ("PUT.RETENTION", "PutObjectRetention"),
        ("GET.BUCKET", "ListObjects"), ("HEAD.BUCKET", "HeadBucket"), ("PUT.BUCKET", "CreateBucket"), ("DELETE.BUCKET", "DeleteBucket"),
        ("GET.BUCKETVERSIONS", "ListObjectVersions"), ("GET.ACL", "GetBucketAcl"), ("PUT.ACL", "PutBucketAcl"),
        ("GET.BUCKETPOLICY", "GetBucketPolicy"), ("PUT.BUCKETPOLICY", "PutBucketPolicy"), ("DELETE.BUCKETPOLICY", "DeleteBucketPolicy"),
        ("GET.POLICY_STATUS", "GetBucketPolicyStatus"),
        ("GET.PUBLIC_ACCESS_BLOCK", "GetBucketPublicAccessBlock"), ("PUT.PUBLIC_ACCESS_BLOCK", "PutBucketPublicAccessBlock"),
        ("DELETE.PUBLIC_ACCESS_BLOCK", "DeleteBucketPublicAccessBlock"),
        ("GET.OWNERSHIP_CONTROLS", "GetBucketOwnershipControls"), ("PUT.OWNERSHIP_CONTROLS", "PutBucketOwnershipControls"),
        ("DELETE.OWNERSHIP_CONTROLS", "DeleteBucketOwnershipControls"),
        ("GET.LOGGING_STATUS", "GetBucketLogging"), ("PUT.LOGGING_STATUS", "PutBucketLogging"),
        ("GET.VERSIONING", "GetBucketVersioning"), ("PUT.VERSIONING", "PutBucketVersioning"),
        ("GET.LOCATION", "GetBucketLocation"), ("GET.REQUEST_PAYMENT", "GetBucketRequestPayment"), ("PUT.REQUEST_PAYMENT", "PutBucketRequestPayment"),
        ("GET.TAGGING", "GetBucketTagging"), ("PUT.TAGGING", "PutBucketTagging"), ("DELETE.TAGGING", "DeleteBucketTagging"),
        ("GET.CORS", "GetBucketCors"), ("PUT.CORS", "PutBucketCors"), ("DELETE.CORS", "DeleteBucketCors"),
        ("GET.WEBSITE", "GetBucketWebsite"), ("PUT.WEBSITE", "PutBucketWebsite"), ("DELETE.WEBSITE", "DeleteBucketWebsite"),
        ("GET.LIFECYCLE", "GetBucketLifecycle"), ("PUT.LIFECYCLE", "PutBucketLifecycle"), ("DELETE.LIFECYCLE", "DeleteBucketLifecycle"),
        ("GET.NOTIFICATION", "GetBucketNotification"), ("PUT.NOTIFICATION", "PutBucketNotification"),
        ("GET.REPLICATION", "GetBucketReplication"), ("PUT.REPLICATION", "PutBucketReplication"), ("DELETE.REPLICATION", "DeleteBucketReplication"),
        ("GET.ENCRYPTION", "GetBucketEncryption"), ("PUT.ENCRYPTION", "PutBucketEncryption"), ("DELETE.ENCRYPTION", "DeleteBucketEncryption"),
        ("GET.ACCELERATE", "GetAccelerateConfiguration"), ("PUT.ACCELERATE", "PutAccelerateConfiguration"),
        ("GET.OBJECT_LOCK_CONFIGURATION", "GetBucketObjectLockConfiguration"), ("PUT.OBJECT_LOCK_CONFIGURATION", "PutBucketObjectLockConfiguration"),
        ("GET.INVENTORY", "GetInventoryConfiguration"), ("PUT.INVENTORY", "PutInventoryConfiguration"), ("DELETE.INVENTORY", "DeleteInventoryConfiguration"),
        ("GET.METRICS", "GetMetricsConfiguration"), ("PUT.METRICS", "PutMetricsConfiguration"), ("DELETE.METRICS", "DeleteMetricsConfiguration"),
        ("GET.ANALYTICS", "GetAnalyticsConfiguration"), ("PUT.ANALYTICS", "PutAnalyticsConfiguration"),
        ("DELETE.ANALYTICS", "DeleteAnalyticsConfiguration"),
        ("GET.INTELLIGENT_TIERING", "GetBucketIntelligentTieringConfiguration"), ("PUT.INTELLIGENT_TIERING", "PutBucketIntelligentTieringConfiguration"),
        ("DELETE.INTELLIGENT_TIERING", "DeleteBucketIntelligentTieringConfiguration"));

    // The permissions of an object and of a bucket have one name in the log; the key tells them apart.
    private static readonly Operation GetObjectAcl = new("GetObjectAcl"u8.ToArray(), ReadOnly: true), PutObjectAcl = new("PutObjectAcl"u8.ToArray(), ReadOnly: false);

    /// <summary>The event an operation of the access log is; null for one that has no event of its own, such as what S3 does by a lifecycle rule.</summary>
    internal static Operation? OfLog(ReadOnlySpan<byte> operation, bool hasKey)
    {
        var dot = operation.IndexOf((byte)'.');
        if (dot < 0 || operation.Length > 64 || operation[..dot].SequenceEqual("S3"u8)) return null;
        var resource = operation[(dot + 1)..];
        if (hasKey && resource.SequenceEqual("GET.ACL"u8)) return GetObjectAcl;
        if (hasKey && resource.SequenceEqual("PUT.ACL"u8)) return PutObjectAcl;
        Span<char> name = stackalloc char[resource.Length];
        for (var i = 0; i < name.Length; i++) name[i] = (char)resource[i];
        return ByResource.TryGetValue(name, out var found) ? found : null;
    }

    private static FrozenDictionary<string, Operation>.AlternateLookup<ReadOnlySpan<char>> Table(params (string Resource, string Name)[] rows) =>
        rows.ToFrozenDictionary(
            row => row.Resource,
            row => new Operation(System.Text.Encoding.ASCII.GetBytes(row.Name), IsReadOnly(row.Resource)),
            StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>By the request's method; the reading half of a copy changes nothing where it is logged, and a select is a read sent by POST.</summary>
    private static bool IsReadOnly(string resource) =>
        resource.StartsWith("GET.", StringComparison.Ordinal) || resource.StartsWith("HEAD.", StringComparison.Ordinal)
        || resource.EndsWith("_GET", StringComparison.Ordinal) || string.Equals(resource, "POST.SELECT", StringComparison.Ordinal);
}
