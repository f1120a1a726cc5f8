using System.Buffers.Binary;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>The days in which the queries of one instance are looked at together. They overlap by half: whatever lies within twelve hours lies within one of them, and every
/// query belongs to two.</summary>
internal static class QueryWindows
{
    public static readonly TimeSpan Half = TimeSpan.FromHours(12);

    private const int LongestPart = 512;

    /// <returns>The window that the query lies in the late half of, and the one it lies in the early half of.</returns>
    /// <param name="domain">Told apart without letter case; empty where all domains are looked at together.</param>
    public static (EntityKey LateIn, EntityKey EarlyIn) KeysOf(DnsQuery query, ReadOnlySpan<byte> domain)
    {
        Span<byte> asker = stackalloc byte[LongestPart];
        Span<byte> place = stackalloc byte[LongestPart];
        scoped ReadOnlySpan<byte> who = query[DnsField.InstanceId];
        if (who.IsEmpty) who = asker[..Joined(asker, query[DnsField.VpcId], query[DnsField.SourceAddress])];
        var half = query.Time.UtcTicks / Half.Ticks;
        BinaryPrimitives.WriteInt64LittleEndian(place, half - 1);
        var all = place[..(sizeof(long) + Utf8.Lower(domain, place[sizeof(long)..]))];
        var lateIn = EntityKey.Of(query.AccountId, who, all);
        BinaryPrimitives.WriteInt64LittleEndian(place, half);
        return (lateIn, EntityKey.Of(query.AccountId, who, all));
    }

    // Cut where no honest name reaches.
    private static int Joined(Span<byte> text, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        first = first[..Math.Min(first.Length, LongestPart / 2 - 1)];
        second = second[..Math.Min(second.Length, LongestPart / 2)];
        first.CopyTo(text);
        text[first.Length] = (byte)'/';
        second.CopyTo(text[(first.Length + 1)..]);
        return first.Length + 1 + second.Length;
    }
}
