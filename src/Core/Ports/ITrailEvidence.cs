namespace Yagura.Core.Ports;

/// <summary>What is needed to check that nobody changed the files of a trail.</summary>
/// <remarks>All methods fail with <see cref="IOException"/> where the answer cannot be had now, with <see cref="FileNotFoundException"/> where the file is not there.</remarks>
public interface ITrailEvidence
{
    /// <summary>A file as it is stored.</summary>
    Task<Stream> Open(string bucket, string key, CancellationToken cancel = default);

    /// <summary>The signature that CloudTrail put beside a digest, hexadecimal; null where it did not.</summary>
    Task<string?> SignatureOf(string bucket, string key, CancellationToken cancel = default);

    /// <summary>The public keys with which CloudTrail's digests of a region were signed at a time.</summary>
    Task<IReadOnlyList<TrailKey>> Keys(string region, DateTimeOffset at, CancellationToken cancel = default);
}

/// <param name="Fingerprint">As digests name it, hexadecimal.</param>
/// <param name="Key">An RSA public key in the form of PKCS #1 (DER).</param>
public sealed record TrailKey(string Fingerprint, ReadOnlyMemory<byte> Key);
