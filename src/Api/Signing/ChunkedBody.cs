using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Yagura.Api.Wire;

namespace Yagura.Api.Signing;

/// <summary>A body of signed chunks: each chunk's signature covers its bytes and the signature before it, the first one that of the request.</summary>
/// <remarks><code>400;chunk-signature=0055…\r\n(1024 bytes)\r\n0;chunk-signature=b6c6…\r\n\r\n</code>
/// Source: Amazon S3 API reference, "Signature calculations: transferring payload in multiple chunks".</remarks>
internal static class ChunkedBody
{
    public const string Marker = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    private static readonly string EmptyHash = CanonicalRequest.Hex(SHA256.HashData([]));

    /// <param name="seed">The signature of the request.</param>
    /// <param name="length">What <c>x-amz-decoded-content-length</c> says.</param>
    /// <exception cref="AwsException">A chunk is not whole, not signed by the key, or missing.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> body, SignatureClaim claim, byte[] signingKey, string seed, long length)
    {
        var decoded = new MemoryStream(body.Length);
        var previous = seed;
        while (true)
        {
            var lineEnd = body.IndexOf("\r\n"u8);
            if (lineEnd < 0 || !TryReadHeader(body[..lineEnd], out var size, out var signature) || size > body.Length - lineEnd - 4)
                throw AuthenticationErrors.Incomplete("A chunk of the body is not '<size in hex>;chunk-signature=<64 hex digits>' and its bytes.");
            var chunk = body.Slice(lineEnd + 2, size);
            if (!body.Slice(lineEnd + 2 + size, 2).SequenceEqual("\r\n"u8)) throw AuthenticationErrors.Incomplete("A chunk of the body is longer than it says.");
            var toSign = $"{CanonicalRequest.Algorithm}-PAYLOAD\n{claim.Timestamp}\n{claim.Scope}\n{previous}\n{EmptyHash}\n{CanonicalRequest.Hex(SHA256.HashData(chunk))}";
            var expected = CanonicalRequest.Hex(CredentialScope.Hmac(signingKey, toSign));
            if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), signature)) throw AuthenticationErrors.Mismatch();
            decoded.Write(chunk);
            previous = expected;
            body = body[(lineEnd + 2 + size + 2)..];
            if (size == 0) break;
        }
        if (!body.IsEmpty) throw AuthenticationErrors.Incomplete("The body goes on after its last chunk.");
        if (decoded.Length != length) throw AuthenticationErrors.Incomplete("The body has another length than x-amz-decoded-content-length says.");
        return decoded.ToArray();
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> line, out int size, out ReadOnlySpan<byte> signature)
    {
        var prefix = ";chunk-signature="u8;
        var at = line.IndexOf(prefix);
        signature = at < 0 ? default : line[(at + prefix.Length)..];
        size = 0;
        return at is > 0 and <= 7 && signature.Length == 64 && Utf8Parser.TryParse(line[..at], out size, out var used, 'x') && used == at && size >= 0;
    }
}
