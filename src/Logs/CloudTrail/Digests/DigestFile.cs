using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Yagura.Core.Json;

namespace Yagura.Logs.CloudTrail.Digests;

/// <summary>What CloudTrail says, each hour, of the log files that it delivered: their names and hashes, and the digest before.</summary>
/// <remarks><code>{"awsAccountId":"111122223333","digestStartTime":"2026-11-25T18:55:00Z","digestEndTime":"2026-11-25T19:55:00Z","digestS3Bucket":"trail-logs",
/// "digestS3Object":"AWSLogs/…","digestPublicKeyFingerprint":"…","digestSignatureAlgorithm":"SHA256withRSA","previousDigestS3Bucket":"trail-logs","previousDigestS3Object":"AWSLogs/…",
/// "previousDigestHashValue":"…","previousDigestSignature":"…","logFiles":[{"s3Bucket":"trail-logs","s3Object":"AWSLogs/…","hashValue":"…","hashAlgorithm":"SHA-256"}]}</code>
/// Hashes are of the decompressed content, in hexadecimal. Source: CloudTrail User Guide, "CloudTrail digest file structure" and "Custom implementations of
/// CloudTrail log file integrity validation".</remarks>
/// <param name="Content">The hash of the digest itself.</param>
/// <param name="Previous">The digest before; null in the first one of a trail, and in the first one after an interruption.</param>
/// <param name="End">As it is written, which is how it is signed.</param>
public sealed record DigestFile(
    string Content, string Account, string Start, string End, TrailFile Self, string Fingerprint, string Algorithm, TrailFile? Previous, string? PreviousSignature,
    IReadOnlyList<TrailFile> Logs)
{
    /// <summary>The one algorithm that there is.</summary>
    public const string Rsa = "SHA256withRSA";

    /// <summary>Most bytes of a digest after decompression: 64 MiB, some 100,000 log files.</summary>
    public const int LargestBytes = 64 << 20;

    private const string Sha256 = "SHA-256";

    /// <summary>When the last event came that it tells of; null where that is not written as a time.</summary>
    public DateTimeOffset? EndTime =>
        DateTimeOffset.TryParse(End, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>The text whose signature is checked.</summary>
    public string Signed => $"{End}\n{Self.Bucket}/{Self.Key}\n{Content}\n{PreviousSignature ?? "null"}";

    /// <returns>Null where it is no digest.</returns>
    public static DigestFile? Parse(ReadOnlySpan<byte> content)
    {
        if (!JsonText.TryParse(content, out var document)) return null;
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("logFiles", out var listed) || listed.ValueKind != JsonValueKind.Array) return null;
            var logs = new List<TrailFile>();
            foreach (var log in listed.EnumerateArray())
            {
                if (Text(log, "hashAlgorithm") != Sha256 || File(log, "s3Bucket", "s3Object", "hashValue") is not { Hash: not null } file) return null;
                logs.Add(file);
            }
            var hash = Convert.ToHexStringLower(SHA256.HashData(content));
            return File(root, "digestS3Bucket", "digestS3Object", "") is { } self && Text(root, "digestEndTime") is { } end
                ? new(
                    hash, Text(root, "awsAccountId") ?? "", Text(root, "digestStartTime") ?? "", end, self with { Hash = hash }, Text(root, "digestPublicKeyFingerprint") ?? "",
                    Text(root, "digestSignatureAlgorithm") ?? "", File(root, "previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue"),
                    Text(root, "previousDigestSignature"), logs)
                : null;
        }
    }

    /// <param name="signature">In hexadecimal, as in the metadata of the object.</param>
    /// <param name="key">As CloudTrail publishes it: an RSA public key in the form of PKCS #1.</param>
    public bool IsSignedBy(string signature, ReadOnlySpan<byte> key)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportRSAPublicKey(key, out _);
            return rsa.VerifyData(Encoding.UTF8.GetBytes(Signed), Convert.FromHexString(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            return false; // neither a key nor a signature makes it signed by being malformed
        }
    }

    private static TrailFile? File(JsonElement element, string bucket, string key, string hash) =>
        Text(element, bucket) is { Length: > 0 } inBucket && Text(element, key) is { Length: > 0 } named ? new(inBucket, named, Text(element, hash)) : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A file of a trail in S3.</summary>
/// <param name="Hash">SHA-256 of the decompressed content, hexadecimal; null where it is not told.</param>
public sealed record TrailFile(string Bucket, string Key, string? Hash)
{
    public string Name => $"s3://{Bucket}/{Key}";
}
