using System.IO.Hashing;
using System.Text;

namespace Yagura.Engine.Reading;

/// <summary>Looks names up by the bytes of a record, without making a string of them.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string text) => GetHashCode(Encoding.UTF8.GetBytes(text));

    public bool Equals(ReadOnlySpan<byte> bytes, string text) => bytes.Length == text.Length && Ascii.Equals(bytes, text);

    public int GetHashCode(ReadOnlySpan<byte> bytes) => (int)XxHash3.HashToUInt64(bytes);

    public string Create(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
