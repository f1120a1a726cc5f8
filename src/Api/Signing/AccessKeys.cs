using System.Security.Cryptography;
using System.Text.Json;
using Yagura.Core.Ports;

namespace Yagura.Api.Signing;

/// <summary>The access keys of the API, kept as documents of kind <c>access-key</c> with sealed secrets.</summary>
public sealed class AccessKeys(IDocumentStore documents, SecretBox box, TimeProvider time)
{
    private const string Kind = "access-key", IdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", NameSigns = "+=,.@_-";

    /// <param name="account">12 digits.</param>
    /// <param name="name">Whose key it is: 1 to 64 letters, digits and <c>+=,.@_-</c>, as for IAM users.</param>
    /// <param name="lifetime">Null for a key that does not expire.</param>
    /// <exception cref="ArgumentException">Account or name are none; the message is for people.</exception>
    public async Task<NewAccessKey> Create(
        string account, string name, Role role, TimeSpan? lifetime = null, string actor = "yagura", CancellationToken cancel = default)
    {
        if (account.Length != 12 || !account.All(char.IsAsciiDigit)) throw new ArgumentException("an account has 12 digits", nameof(account));
        if (name.Length is < 1 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || NameSigns.Contains(c, StringComparison.Ordinal)))
            throw new ArgumentException($"a name has 1 to 64 letters, digits and {NameSigns}", nameof(name));
        var id = "AKIA" + RandomNumberGenerator.GetString(IdLetters, 16);
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)); // 40 characters, as in AWS
        var now = time.GetUtcNow();
        var key = new AccessKey(id, account, name, role, box.Seal(id, secret), now, now + lifetime);
        await documents.Put(KeyOf(id), JsonSerializer.SerializeToUtf8Bytes(key, SigningJson.Default.AccessKey), 0, new(now, actor, "CreateAccessKey", key.Arn, Details(key)), cancel);
        return new(key, secret);
    }

    /// <summary>Null where there is no such key; one that has expired is still there.</summary>
    public async Task<AccessKey?> Get(string id, CancellationToken cancel = default) =>
        await documents.Get(KeyOf(id), cancel) is { } document ? Read(document) : null;

    public async Task<IReadOnlyList<AccessKey>> List(CancellationToken cancel = default) =>
        [.. (await documents.List(new(Kind), cancel)).Select(Read)];

    /// <returns>False where there was no such key.</returns>
    public async Task<bool> Revoke(string id, string actor = "yagura", CancellationToken cancel = default) =>
        await Get(id, cancel) is { } key
        && await documents.Delete(KeyOf(id), audit: new(time.GetUtcNow(), actor, "RevokeAccessKey", key.Arn, Details(key)), cancel: cancel);

    internal string SecretOf(AccessKey key) => box.Open(key.Id, key.SealedSecret);

    private static DocumentKey KeyOf(string id) => new(Kind, "", "", id);

    private static AccessKey Read(Document document) => JsonSerializer.Deserialize(document.Json.Span, SigningJson.Default.AccessKey)!;

    private static byte[] Details(AccessKey key) =>
        JsonSerializer.SerializeToUtf8Bytes(new(key.Id, key.Role, key.ExpiresAt), SigningJson.Default.AccessKeyFacts);
}

/// <summary>What the audit log says of a key.</summary>
internal sealed record AccessKeyFacts(string AccessKeyId, Role Role, DateTimeOffset? ExpiresAt);
