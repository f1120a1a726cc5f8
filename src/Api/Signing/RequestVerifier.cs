using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Yagura.Api.Wire;

namespace Yagura.Api.Signing;

/// <summary>Finds out who signed a request, or refuses it as AWS would.</summary>
/// <remarks>Source: IAM user guide, "AWS Signature Version 4 for API requests" and "Create a signed AWS API request".</remarks>
public sealed class RequestVerifier(AccessKeys keys, TimeProvider time)
{
    /// <summary>The services that signatures may be made for.</summary>
    public const string GuardDuty = "guardduty", SecurityTokens = "sts";

    /// <summary>How far the clocks of client and server may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    private const string Unsigned = "UNSIGNED-PAYLOAD";

    /// <param name="body">Reads the body, bounded; asked only once the head is worth it.</param>
    /// <exception cref="AwsException">The request is not signed, not whole, too old or too early, or signed by nobody that is known.</exception>
    public async Task<Caller> Verify(RequestHead head, Func<CancellationToken, Task<byte[]>> body, CancellationToken cancel)
    {
        var claim = SignatureClaim.Parse(head);
        CheckTime(claim);
        CheckScope(claim);
        CheckHeaders(claim, head);
        var key = await FindKey(claim, cancel);
        var bytes = await body(cancel);

        var declared = claim.Lifetime is null ? head.Header("x-amz-content-sha256") : head.Parameter("X-Amz-Content-Sha256");
        var signingKey = claim.Scope.SigningKey(keys.SecretOf(key));
        var canonical = CanonicalRequest.Write(head, claim.SignedHeaders, PayloadHash(head, declared, bytes));
        var signature = CanonicalRequest.Hex(CredentialScope.Hmac(signingKey, CanonicalRequest.StringToSign(claim.Timestamp, claim.Scope, canonical)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(claim.Signature))) throw AuthenticationErrors.Mismatch();

        if (declared == ChunkedBody.Marker) bytes = ChunkedBody.Decode(bytes, claim, signingKey, signature, DecodedLength(head));
        return new(key, claim.Scope.Region, claim.Scope.Service, bytes);
    }

    private void CheckTime(SignatureClaim claim)
    {
        var now = time.GetUtcNow();
        var (earliest, latest) = (now - (claim.Lifetime ?? ClockSkew), now + ClockSkew);
        if (claim.SignedAt < earliest) throw AuthenticationErrors.Invalid($"Signature expired: {claim.Timestamp} is now earlier than {SignatureClaim.Write(earliest)}");
        if (claim.SignedAt > latest) throw AuthenticationErrors.Invalid($"Signature not yet current: {claim.Timestamp} is still later than {SignatureClaim.Write(latest)}");
    }

    private void CheckScope(SignatureClaim claim)
    {
        if (claim.Scope.Service is not (GuardDuty or SecurityTokens)) throw AuthenticationErrors.Invalid($"Credential should be scoped to correct service: '{GuardDuty}'.");
        if (claim.Scope.Date != claim.Timestamp[..8]) throw AuthenticationErrors.Invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
    }

    // Who could add or change a header of ours on the way could change what the request means.
    private static void CheckHeaders(SignatureClaim claim, RequestHead head)
    {
        if (!claim.SignedHeaders.Contains("host", StringComparer.Ordinal)) throw AuthenticationErrors.Invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
        if (claim.SignedHeaders.FirstOrDefault(name => head.Header(name) is null) is { } missing) throw AuthenticationErrors.Invalid($"The signed header '{missing}' was not sent.");
        var unsigned = head.Headers.Select(header => header.Key.ToLowerInvariant())
            .FirstOrDefault(name => name.StartsWith("x-amz-", StringComparison.Ordinal) && !claim.SignedHeaders.Contains(name, StringComparer.Ordinal));
        if (unsigned is not null) throw AuthenticationErrors.Invalid($"'{unsigned}' must be a 'SignedHeader' in the AWS Authorization.");
    }

    private async Task<AccessKey> FindKey(SignatureClaim claim, CancellationToken cancel)
    {
        // Session tokens come with temporary keys, which are not given out here.
        if (claim.SessionToken is not null || await keys.Get(claim.AccessKeyId, cancel) is not { } key) throw AuthenticationErrors.UnknownKey();
        return key.ExpiresAt > time.GetUtcNow() || key.ExpiresAt is null ? key : throw AuthenticationErrors.ExpiredKey();
    }

    private static string PayloadHash(RequestHead head, string? declared, byte[] body)
    {
        switch (declared)
        {
            case ChunkedBody.Marker:
                return declared;
            case Unsigned when head.IsPrivate:
                return declared;
            case Unsigned:
                throw AuthenticationErrors.Invalid("An unsigned payload is taken over TLS only.");
        }
        var hash = CanonicalRequest.Hex(SHA256.HashData(body));
        return declared is null || declared == hash ? hash : throw AuthenticationErrors.Invalid("The value of x-amz-content-sha256 is not the hash of the body.");
    }

    private static long DecodedLength(RequestHead head) =>
        long.TryParse(head.Header("x-amz-decoded-content-length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length : throw AuthenticationErrors.Incomplete("A body of chunks requires the header 'x-amz-decoded-content-length'.");
}

/// <summary>Whoever signed a request, and what came with it.</summary>
/// <param name="Region">That the signature is made for: it picks the detector.</param>
/// <param name="Service">That the signature is made for.</param>
/// <param name="Body">Without chunk signatures.</param>
public sealed record Caller(AccessKey Key, string Region, string Service, ReadOnlyMemory<byte> Body);
