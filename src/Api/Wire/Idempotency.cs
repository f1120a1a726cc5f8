using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Yagura.Api.Wire;

/// <summary>Answers a call that comes again with the same client token as it was answered the first time.</summary>
internal static class Idempotency
{
    /// <summary>How long a token is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    private static readonly DocumentKind<AnsweredCall> Kind = new("client-token", IdempotencyJson.Default.AnsweredCall);

    /// <summary>The answer to the same call; null where there was none, or the call has no token.</summary>
    /// <exception cref="AwsException">The token came with another call.</exception>
    public static async Task<byte[]?> Find(Call call, string hash, CancellationToken cancel)
    {
        if (TokenOf(call) is not { } token || await call.Get(Kind, token, cancel) is not { } answered || answered.At < call.Now - Memory) return null;
        return answered.RequestHash == hash ? Encoding.UTF8.GetBytes(answered.Response)
            : throw Refuse.BadRequest("The request is rejected because the clientToken was used before with other parameters.");
    }

    /// <summary>Remembers an answer, together with what the call changes, and forgets the old ones.</summary>
    public static async Task Remember(Call call, string hash, ReadOnlyMemory<byte> response, CancellationToken cancel)
    {
        if (TokenOf(call) is not { } token) return;
        foreach (var (id, answered) in await call.List(Kind, cancel))
        {
            if (answered.At < call.Now - Memory) call.Delete(Kind, id);
        }
        call.Put(Kind, token, new AnsweredCall(hash, Encoding.UTF8.GetString(response.Span), call.Now));
    }

    public static string HashOf(string path, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(path + "\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string? TokenOf(Call call) =>
        call.Operation.Changes && call.Body.TextOrNull("clientToken", 0, 64) is { Length: > 0 } token ? $"{call.Operation.Name}/{token}" : null;
}

/// <param name="Response">JSON.</param>
internal sealed record AnsweredCall(string RequestHash, string Response, DateTimeOffset At);

[JsonSerializable(typeof(AnsweredCall))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
