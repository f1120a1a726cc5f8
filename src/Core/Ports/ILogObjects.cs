namespace Yagura.Core.Ports;

/// <summary>A place that logs lie in (a folder, a bucket, the standard input), read and never written.</summary>
/// <remarks>The only failure is <see cref="IOException"/>, from either method and from the streams, with a message for people that names the object
/// or the place. A failed <see cref="Open"/> or read concerns that object; a failed <see cref="List"/> ends the listing.</remarks>
public interface ILogObjects
{
    /// <summary>Every object once, in ordinal order of <see cref="LogObjectReference.Name"/> within each thing that was asked for.</summary>
    IAsyncEnumerable<LogObjectReference> List(CancellationToken cancel = default);

    /// <summary>The bytes of an object as they are stored (compressed, if they are), from the first one.</summary>
    /// <returns>A stream that is read forwards and asynchronously; it refuses to seek and, where the object is far away, to read synchronously.</returns>
    Task<Stream> Open(LogObjectReference reference, CancellationToken cancel = default);
}

/// <summary>An object that can be opened.</summary>
/// <param name="Name">What a person would type to name it: a path, <c>s3://bucket/key</c>, or <c>-</c>.</param>
/// <param name="Size">Stored bytes; null where only reading tells.</param>
/// <param name="Version">A text that changes when the bytes do (S3's ETag without its quotes); null where the place has none.</param>
/// <param name="LastModified">When it was last written, UTC; null where the place does not say.</param>
public sealed record LogObjectReference(string Name, long? Size, string? Version, DateTimeOffset? LastModified);
