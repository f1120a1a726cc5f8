namespace Yagura.Core.Ports;

/// <summary>Writes objects into buckets that findings are exported to.</summary>
public interface IExportBuckets
{
    /// <summary>Writes an object as a whole, in place of one with the same key.</summary>
    /// <param name="kmsKeyArn">The key that encrypts it; null for the bucket's own encryption.</param>
    /// <exception cref="IOException">The object cannot be written; the message is for people.</exception>
    Task Write(string bucket, string key, ReadOnlyMemory<byte> bytes, string? kmsKeyArn, CancellationToken cancel = default);
}
