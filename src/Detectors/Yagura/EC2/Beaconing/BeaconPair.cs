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
    private const int EndsShift = 24;
    private const uint AllEnds = 3u << EndsShift, ThinnedBit = 1u << 26;
    private const int KeptShift = 27;

    /// <summary>The address outside, IPv4.</summary>
    public readonly uint Remote;
    /// <summary>Whose end is inside: a number in <see cref="BeaconNames"/>.</summary>
    public int Owner;
    /// <summary>Days since 1970, UTC.</summary>
    public readonly ushort Day;
    /// <summary>The server's.</summary>
    public readonly ushort Port;
    private ushort _clientPort, _duration;
    private uint _bits; // hours with connections, what ends it has, whether starts were left out, starts kept
    private uint _first, _last;
    /// <summary>Where the newest connection's record stands: a number in <see cref="BeaconNames"/>, and a line.</summary>
    public int Object;
    private uint _line;
    private Starts _starts;

    /// <summary>A pair with one connection.</summary>
    public BeaconPair(in BeaconNote note)
    {
        (Remote, Owner, Day, Port, var ends) = note.Key;
        _bits = (uint)ends << EndsShift;
        _first = note.Start;
        Newest = note.Record;
        Add(note.Connection);
    }

    [InlineArray(MostStarts)]
    private struct Starts { private uint _first; }

    public readonly BeaconEnds Ends => (BeaconEnds)((_bits & AllEnds) >> EndsShift);

    public readonly bool IsTarget => (Ends & BeaconEnds.Target) != BeaconEnds.None;

    public readonly BeaconKey Key => new(Remote, Owner, Day, Port, Ends);

    /// <summary>Unix seconds at which the earliest connection began.</summary>
    public readonly uint First => _first;

    /// <summary>The newest connection.</summary>
    public BeaconRecord Newest
    {
        readonly get => new(_last, _duration, _clientPort, Object, _line);
        private set => (_last, _duration, _clientPort, Object, _line) = value;
    }

    /// <summary>True when there were more connections than are kept: those of some hours, see <see cref="BeaconStart"/>.</summary>
    public readonly bool IsThinned => (_bits & ThinnedBit) != 0;

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

    /// <summary>Joins a connection of the same pair.</summary>
    public void Merge(in BeaconNote note, BeaconNames names)
    {
        Add(note.Connection);
        if (note.Start < _first) _first = note.Start;
        if (note.Start >= _last) TakeNewer(note.Record, names);
    }

    /// <summary>Joins what another row knows of the same pair.</summary>
    public void Merge(in BeaconPair other, BeaconNames names)
    {
        _bits |= other._bits & (AllHours | ThinnedBit);
        foreach (var start in other.Connections) Keep(start);
        _first = Math.Min(_first, other._first);
        TakeNewer(other.Newest, names);
    }

    private void TakeNewer(in BeaconRecord record, BeaconNames names)
    {
        if (record.IsNewer(Newest, names)) Newest = record;
    }

    /// <summary>Adds a connection's start to the set, and its hour.</summary>
    public void Add(BeaconStart start)
    {
        _bits |= 1u << start.Hour;
        Keep(start.Value);
    }

    /// <summary>Reads from each part of the row, for no other purpose than that it is in the cache.</summary>
    internal readonly uint Warm() => Remote + _starts[MostStarts / 2] + _starts[MostStarts - 1];

    private void Keep(uint value)
    {
        var kept = Kept;
        Span<uint> all = _starts;
        var at = all[..kept].BinarySearch(value);
        if (at >= 0) return;
        at = ~at;
        if (kept == MostStarts)
        {
            _bits |= ThinnedBit;
            if (at == MostStarts) return;
            kept--;
        }
        all[at..kept].CopyTo(all[(at + 1)..]);
        all[at] = value;
        _bits = (_bits & ((1u << KeptShift) - 1)) | (uint)(kept + 1) << KeptShift;
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
    /// <param name="weight">Of the first record.</param>
    public static BeaconStart Of(int second, ushort clientPort, byte weight)
    {
        var time = PlaceOf(second / SecondsOfHour) * StepsOfHour + second % SecondsOfHour / Resolution;
        return new((uint)time << 16 | (uint)(byte)(clientPort * 0x9E37_79B1u >> 24) << 8 | weight);
    }

    /// <summary>A size in bytes; those closer than a sixteenth may be the same. Exponent and first bits of the fraction of a floating-point number are a logarithm.</summary>
    public static byte WeightOf(long bytes) =>
        (byte)(Math.Clamp(BitConverter.SingleToUInt32Bits(Math.Clamp(bytes, 1, uint.MaxValue)) >> FractionBits, SmallestSize, SmallestSize + byte.MaxValue) - SmallestSize);

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
