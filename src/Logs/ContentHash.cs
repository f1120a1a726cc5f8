using System.IO.Hashing;

namespace Yagura.Logs;

/// <summary>128-bit identities of records. Not a defence against forged collisions: whoever writes the log could as well leave the record out.</summary>
public static class ContentHash
{
    public static UInt128 Of(ReadOnlySpan<byte> bytes) => XxHash128.HashToUInt128(bytes);
}
