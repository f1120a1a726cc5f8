using System.Globalization;
using Yagura.Api.Wire;

namespace Yagura.Api.Signing;

/// <summary>Who a request says it is from, with the proof still to be checked.</summary>
/// <param name="Timestamp"><c>yyyyMMdd'T'HHmmss'Z'</c>, as it goes into the string to sign.</param>
/// <param name="SignedHeaders">Lower case, sorted, at least <c>host</c>.</param>
/// <param name="Signature">64 lower-case hex digits.</param>
/// <param name="Lifetime">Of a presigned request; null for one that carries its signature in a header.</param>
internal sealed record SignatureClaim(
    string AccessKeyId, CredentialScope Scope, string Timestamp, DateTimeOffset SignedAt, IReadOnlyList<string> SignedHeaders, string Signature,
    TimeSpan? Lifetime, string? SessionToken)
{
    private const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The longest life of a presigned request. Source: Amazon S3 API reference, "X-Amz-Expires".</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    /// <exception cref="AwsException">No signature, two of them, or one that is not whole.</exception>
    public static SignatureClaim Parse(RequestHead head)
    {
        var authorization = head.Header("authorization");
        var isPresigned = head.Parameters.Any(pair => pair.Key is "X-Amz-Algorithm" or "X-Amz-Signature");
        if (authorization is null) return isPresigned ? FromQuery(head) : throw AuthenticationErrors.Missing();
        if (isPresigned) throw AuthenticationErrors.Incomplete("The request carries a signature in its header and another in its query; only one is allowed.");
        return FromHeader(head, authorization);
    }

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture);

    private static SignatureClaim FromHeader(RequestHead head, string authorization)
    {
        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || authorization[..space] != CanonicalRequest.Algorithm)
            throw AuthenticationErrors.Incomplete($"Authorization header requires the algorithm '{CanonicalRequest.Algorithm}'.");
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in authorization[space..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = part.IndexOf('=', StringComparison.Ordinal);
            if (equal < 0) throw AuthenticationErrors.Incomplete("Authorization header holds a part that is not a key=value pair (missing equal-sign).");
            if (!parts.TryAdd(part[..equal], part[(equal + 1)..])) throw AuthenticationErrors.Incomplete("Authorization header names a part twice.");
        }
        string Required(string name) => parts.GetValueOrDefault(name) is { Length: > 0 } value
            ? value : throw AuthenticationErrors.Incomplete($"Authorization header requires '{name}' parameter.");
        var (credential, headers, signature) = (Required("Credential"), Required("SignedHeaders"), Required("Signature"));
        var (timestamp, time) = TimeOf(head);
        return Whole(credential, timestamp, time, headers, signature, null, head.Header("x-amz-security-token"));
    }

    private static SignatureClaim FromQuery(RequestHead head)
    {
        string Required(string name) => head.Parameter(name) is { Length: > 0 } value
            ? value : throw AuthenticationErrors.Incomplete($"AWS query-string parameters must include '{name}', once.");
        if (Required("X-Amz-Algorithm") != CanonicalRequest.Algorithm) throw AuthenticationErrors.Incomplete($"X-Amz-Algorithm must be '{CanonicalRequest.Algorithm}'.");
        if (!int.TryParse(Required("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1 || seconds > LongestLifetime.TotalSeconds)
            throw AuthenticationErrors.Incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800.");
        var timestamp = Required("X-Amz-Date");
        return Whole(Required("X-Amz-Credential"), timestamp, Read(timestamp), Required("X-Amz-SignedHeaders"), Required("X-Amz-Signature"),
            TimeSpan.FromSeconds(seconds), head.Parameter("X-Amz-Security-Token"));
    }

    private static (string Text, DateTimeOffset Time) TimeOf(RequestHead head)
    {
        if (head.Header("x-amz-date") is { } stamp) return (stamp, Read(stamp));
        if (head.Header("date") is not { } date) throw AuthenticationErrors.Incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        if (!DateTimeOffset.TryParseExact(date, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) time = Read(date);
        return (Write(time), time);
    }

    private static DateTimeOffset Read(string timestamp) =>
        DateTimeOffset.TryParseExact(timestamp, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw AuthenticationErrors.Incomplete("Date must be in ISO-8601 'basic format', such as 20260901T120000Z.");

    private static SignatureClaim Whole(
        string credential, string timestamp, DateTimeOffset time, string signedHeaders, string signature, TimeSpan? lifetime, string? sessionToken)
    {
        var parts = credential.Split('/');
        if (parts is not [var id, var date, var region, var service, CredentialScope.Terminator] || !IsAccessKeyId(id) || !IsRegion(region))
            throw AuthenticationErrors.Incomplete("Credential must have the form '<access key id>/yyyyMMdd/<region>/<service>/aws4_request'.");
        if (!IsSignature(signature)) throw AuthenticationErrors.Incomplete("Signature must be 64 lower-case hex digits.");
        var headers = signedHeaders.Split(';');
        if (!headers.SequenceEqual(headers.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal))
            throw AuthenticationErrors.Incomplete("SignedHeaders must be in lower case, sorted, each once.");
        return new(id, new(date, region, service), timestamp, time, headers, signature, lifetime, sessionToken);
    }

    private static bool IsAccessKeyId(string text) => text.Length is >= 16 and <= 128 && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsRegion(string text) =>
        text.Length is >= 5 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && char.IsAsciiLetterLower(text[0]);

    private static bool IsSignature(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
