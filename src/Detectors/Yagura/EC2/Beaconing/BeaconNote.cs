using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>One connection, in <see cref="Size"/> bytes: what an object shows, and all that is kept of a pair that was seen once, as most are.</summary>
/// <param name="Remote">The address outside, IPv4.</param>
/// <param name="Owner">Whose end is inside: a number in <see cref="BeaconNames"/>.</param>
/// <param name="Start">Unix seconds.</param>
/// <param name="Line">Where its record stands in <paramref name="Object"/>, a number in <see cref="BeaconNames"/>.</param>
/// <param name="Port">The server's.</param>
/// <param name="Duration">Seconds of its record.</param>
/// <param name="Weight">Bytes of its record, as <see cref="BeaconStart.WeightOf"/> rounds them.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct BeaconNote(
    uint Remote, int Owner, uint Start, uint Line, int Object, ushort Port, ushort ClientPort, ushort Duration, byte Weight, BeaconEnds Ends)
{
    public const int Size = 28;

    private const int SecondsOfDay = 86_400;

    public BeaconKey Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Remote, Owner, (ushort)(Start / SecondsOfDay), Port, Ends);
    }

    public BeaconRecord Record => new(Start, Duration, ClientPort, Object, Line);

    public BeaconStart Connection => BeaconStart.Of((int)(Start % SecondsOfDay), ClientPort, Weight);
}

/// <summary>What kind of ends a pair has.</summary>
[Flags]
public enum BeaconEnds : byte
{
    /// <summary>TCP, and the server is outside.</summary>
    None = 0,
    /// <summary>The server is inside.</summary>
    Target = 1,
    Udp = 2,
}

/// <summary>What tells pairs apart.</summary>
/// <param name="Day">Days since 1970, UTC.</param>
public readonly record struct BeaconKey(uint Remote, int Owner, ushort Day, ushort Port, BeaconEnds Ends)
{
    /// <summary>Whether two pairs are about the same port of the same server on the same day, or the same client; by whoever.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsSamePeer(in BeaconKey other) => Remote == other.Remote && Day == other.Day && Port == other.Port && Ends == other.Ends;

    /// <param name="account">A hash of the owner's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint HashOf(uint account)
    {
        const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xC2B2AE3D27D4EB4F;
        var hash = ((ulong)Remote << 32 | (uint)Day << 16 | Port) * Odd1 ^ ((ulong)account << 1 | (uint)(Ends & BeaconEnds.Target)) * Odd2;
        return (uint)((hash ^ hash >> 32) * Odd2 >> 32);
    }
}

/// <summary>The record of a connection: the newest of a pair is shown as its evidence.</summary>
public readonly record struct BeaconRecord(uint Start, ushort Duration, ushort ClientPort, int Object, uint Line)
{
    /// <summary>Of one connection in two records the longer one is newer, and of one record in two objects the one whose object's name comes first.</summary>
    public bool IsNewer(in BeaconRecord than, BeaconNames names)
    {
        if (Start != than.Start) return Start > than.Start;
        var order = (ClientPort, Duration).CompareTo((than.ClientPort, than.Duration));
        if (order != 0) return order > 0;
        order = Object == than.Object ? 0 : string.CompareOrdinal(names.Objects[Object], names.Objects[than.Object]);
        return order < 0 || (order == 0 && Line < than.Line);
    }
}
