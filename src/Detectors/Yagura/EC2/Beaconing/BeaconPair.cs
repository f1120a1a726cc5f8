using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>What is remembered of the connections that a client opened to one port of a server within a day, in <see cref="Size"/> bytes.</summary>
/// <remarks>Merging is commutative, associative and idempotent: the smallest starts, the union of hours, the earliest and the newest connection.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct BeaconPair
{
    /// <summary>Bytes of a pair, without its place in the index.</summary>
    public const int Size = 36 + 4 * MostStarts;

    /// <summary>Connections kept of a day, all of them up to this number.</summary>
    public const int MostStarts = 20;

    private const int HoursOfDay = 24;
    private const uint AllHours = (1u << HoursOfDay) - 1;
    private const uint TargetBit = 1u << 24, UdpBit = 1u << 25, ThinnedBit = 1u << 26;
    private const int KeptShift = 27;

    /// <summary>The address outside, IPv4.</summary>
    public uint Remote;
    /// <summary>Whose pair it is: a place in the table of owners.</summary>
    public int Owner;
    /// <summary>Days since 1970, UTC.</summary>
    public ushort Day;
    /// <summary>The server's.</summary>
    public ushort Port;
    /// <summary>The client's, in the newest connection.</summary>
    public ushort ClientPort;
    /// <summary>Seconds of the newest connection's record.</summary>
    public ushort Duration;
    private uint _bits; // hours with connections, which end is inside, protocol, whether starts were left out, starts kept
    /// <summary>Unix seconds at which the earliest and the newest connection began.</summary>
    public uint First, Last;
    /// <summary>Where the newest connection's record stands: an object in the table of objects, and a line in it.</summary>
    public int Object;
    /// <inheritdoc cref="Object"/>
    public uint Line;
    private Starts _starts;

    [InlineArray(MostStarts)]
    private struct Starts { private uint _first; }

    public bool IsTarget { readonly get => (_bits & TargetBit) != 0; set => Set(TargetBit, value); }
    public bool IsUdp { readonly get => (_bits & UdpBit) != 0; set => Set(UdpBit, value); }

    /// <summary>True when there were more connections than are kept: those of some hours, see <see cref="BeaconStart"/>.</summary>
    public bool IsThinned { readonly get => (_bits & ThinnedBit) != 0; private set => Set(ThinnedBit, value); }

    /// <summary>Connections kept.</summary>
    public readonly int Kept => (int)(_bits >> KeptShift);

    /// <summary>Hours of the day with connections, a bit each.</summary>
    public readonly uint Hours => _bits & AllHours;

    public readonly int HoursSeen => BitOperations.PopCount(Hours);

    /// <summary>Hours from the first to the last one with connections.</summary>
    public readonly int HoursSpanned => Hours == 0 ? 0 : BitOperations.Log2(Hours) - BitOperations.TrailingZeroCount(Hours) + 1;

    /// <summary>The kept connections, smallest first.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<uint> Connections => ((ReadOnlySpan<uint>)_starts)[..Kept];

    private void Set(uint bit, bool value) => _bits = value ? _bits | bit : _bits & ~bit;

    /// <summary>Whether two rows are about the same port of the same server on the same day, or the same client; by whoever of the account.</summary>
    public readonly bool IsSamePeer(in BeaconPair other) =>
        Remote == other.Remote && Day == other.Day && Port == other.Port && ((_bits ^ other._bits) & (TargetBit | UdpBit)) == 0;

    /// <summary>Whether a connection belongs here.</summary>
    public readonly bool Is(in BeaconNote note, int owner) =>
        Remote == note.Remote && Owner == owner && Port == note.Port && Day == note.Day && IsTarget == note.IsTarget && IsUdp == note.IsUdp;

    /// <summary>Adds a connection's start to the set, and its hour.</summary>
    public void Add(BeaconStart start)
    {
        _bits |= 1u << start.Hour;
        Keep(start.Value);
    }

    private void Keep(uint value)
    {
        var kept = Kept;
        Span<uint> all = _starts;
        var at = all[..kept].BinarySearch(value);
        if (at >= 0) return;
        at = ~at;
        if (kept == MostStarts)
        {
            IsThinned = true;
            if (at == MostStarts) return;
            kept--;
        }
        all[at..kept].CopyTo(all[(at + 1)..]);
        all[at] = value;
        _bits = (_bits & ((1u << KeptShift) - 1)) | (uint)(kept + 1) << KeptShift;
    }

    /// <summary>The newest connection is another row's.</summary>
    public void TakeNewest(in BeaconPair other) =>
        (Last, Duration, ClientPort, Object, Line) = (other.Last, other.Duration, other.ClientPort, other.Object, other.Line);

    public void TakeNewest(in BeaconNote note, int objectNumber) =>
        (Last, Duration, ClientPort, Object, Line) = (note.Start, note.Duration, note.ClientPort, objectNumber, note.Line);

    /// <summary>Joins what another row knows of the same pair, but for the newest connection, which the table compares.</summary>
    public void Merge(in BeaconPair other)
    {
        _bits |= other._bits & (AllHours | ThinnedBit);
        foreach (var start in other.Connections) Keep(start);
        First = Math.Min(First, other.First);
    }
}

/// <summary>The start of a connection in 32 bits: time of day, the client's port and the size, of which each loses what does not matter here.</summary>
/// <remarks>
/// The order is that of time within an hour, and of hours as <see cref="PlaceOf"/> puts them, which spreads them over the day. So the smallest starts are all that there are
/// in some whole hours and the beginning of another one: what lies between two of them is known, and their intervals are true ones.
/// </remarks>
public readonly record struct BeaconStart(uint Value)
{
    /// <summary>Seconds that are told apart.</summary>
    public const int Resolution = 2;

    private const int SecondsOfHour = 3_600, StepsOfHour = SecondsOfHour / Resolution;

    // Of a float, with four bits of the fraction left: sixteen sizes for each doubling, from 32 bytes to two megabytes.
    private const int FractionBits = 19;
    private const uint SmallestSize = (127 + 5) << 4;

    /// <param name="second">Of the day.</param>
    /// <param name="bytes">Of the first record, of which sizes closer than a sixteenth may be the same.</param>
    public static BeaconStart Of(int second, ushort clientPort, uint bytes)
    {
        var time = PlaceOf(second / SecondsOfHour) * StepsOfHour + second % SecondsOfHour / Resolution;
        // Exponent and first bits of the fraction of a floating-point number are a logarithm.
        var size = Math.Clamp(BitConverter.SingleToUInt32Bits(bytes) >> FractionBits, SmallestSize, SmallestSize + byte.MaxValue) - SmallestSize;
        return new((uint)time << 16 | (uint)(byte)(clientPort * 0x9E37_79B1u >> 24) << 8 | size);
    }

    /// <summary>Where an hour stands in the order of hours, and which hour stands there: multiplying by seven undoes itself.</summary>
    public static int PlaceOf(int hour) => hour * 7 % 24;

    public int Place => (int)(Value >> 16) / StepsOfHour;

    public int Hour => PlaceOf(Place);

    /// <summary>Of the day.</summary>
    public int Second => Hour * SecondsOfHour + (int)(Value >> 16) % StepsOfHour * Resolution;

    /// <summary>Tells client ports apart, but for one pair in 256.</summary>
    public byte ClientPort => (byte)(Value >> 8);

    /// <summary>Bytes: the middle of those that are the same here.</summary>
    public double Bytes => BitConverter.UInt32BitsToSingle((((Value & 0xFF) + SmallestSize) << FractionBits) + (1 << FractionBits - 1));
}
