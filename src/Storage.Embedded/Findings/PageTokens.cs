using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Index;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>Paging tokens: where the last finding of a page stands, signed together with the question.</summary>
/// <remarks>Bytes, in base64url: a signature (16), the number (4), the key (16), and the text with a byte before it; without that byte there is no text.</remarks>
internal sealed class PageTokens(byte[] key)
{
    private const int Signature = 16, Head = Signature + 4 + 16, Longest = 1 << 20;

    public string Write(FindingQuery query, PagePlace place)
    {
        var text = place.Text is null ? [] : Encoding.UTF8.GetBytes("=" + place.Text);
        var bytes = new byte[Head + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Signature), place.Number);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Signature + 4), place.Key);
        text.CopyTo(bytes, Head);
        Sign(query, bytes.AsSpan(Signature)).CopyTo(bytes, 0);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="InvalidTokenException">It was not given out here, or for another question.</exception>
    public PagePlace Read(FindingQuery query, string token)
    {
        if (token.Length > Longest || !Base64Url.IsValid(token, out var length) || length < Head) throw new InvalidTokenException();
        var bytes = Base64Url.DecodeFromChars(token);
        if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, Signature), Sign(query, bytes.AsSpan(Signature)))) throw new InvalidTokenException();
        return new(
            BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(Signature + 4)), bytes.Length > Head ? Encoding.UTF8.GetString(bytes.AsSpan(Head + 1)) : null,
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(Signature)));
    }

    private byte[] Sign(FindingQuery query, ReadOnlySpan<byte> place)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Add(hash, place);
        Add(hash, query.Criteria is { } criteria ? criteria.Span : default);
        foreach (var text in (IEnumerable<string?>)[query.Scope.Region, query.SortBy, query.Descending ? "desc" : "asc", .. query.Scope.Accounts ?? ["*"]])
        {
            Add(hash, Encoding.UTF8.GetBytes(text ?? "*"));
        }
        return hash.GetHashAndReset()[..Signature];
    }

    // With its length, so that no two questions are one.
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
