using System.Buffers.Binary;

namespace Yagura.Core.Collection;

/// <summary>How long the pauses between the objects of a stream are, learnt from the stream itself.</summary>
/// <remarks>Counts of pauses in classes, four to an octave from a second to 18 hours and above: a pause is known to 19 percent. After four weeks the counts are
/// halved, so that a habit which ended is forgotten. Immutable.</remarks>
public sealed class Rhythm
{
    /// <summary>Fewest pauses and days from which on a silence is told.</summary>
    public const int FewestPauses = 20, FewestDays = 2;

    /// <summary>Bytes of <see cref="ToBytes"/>.</summary>
    public const int Bytes = 8 + (4 * Classes);

    private const int Classes = 68, ClassesOfOctave = 4, DaysPerWeek = 7;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(28);

    private readonly int[] _counts;
    private readonly TimeSpan _span;

    private Rhythm(int[] counts, TimeSpan span) => (_counts, _span) = (counts, span);

    public static Rhythm None { get; } = new(new int[Classes], TimeSpan.Zero);

    /// <summary>Pauses that are remembered.</summary>
    public long Pauses => _counts.Sum(count => (long)count);

    /// <summary>The time that they fill.</summary>
    public TimeSpan Span => _span;

    /// <param name="pause">From one object to the next; at or below zero for objects that come together or late, which are no pauses.</param>
    public Rhythm With(TimeSpan pause)
    {
        if (pause <= TimeSpan.Zero) return this;
        var counts = (int[])_counts.Clone();
        counts[ClassOf(pause)]++;
        var span = _span + pause;
        if (span <= Memory) return new(counts, span);
        for (var at = 0; at < Classes; at++) counts[at] /= 2;
        return new(counts, span / 2);
    }

    /// <summary>The pause that the stream makes less than once a week; null while too little is known.</summary>
    public TimeSpan? LongestUsual
    {
        get
        {
            if (Pauses < FewestPauses || _span < TimeSpan.FromDays(FewestDays)) return null;
            var rare = (long)(_span.TotalDays / DaysPerWeek);
            for (var at = Classes - 1; at >= 0; at--)
                if ((rare -= _counts[at]) < 0) return UpperEdge(at);
            return null;
        }
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _span.Ticks);
        for (var at = 0; at < Classes; at++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + (4 * at)), _counts[at]);
        return bytes;
    }

    /// <returns>What <see cref="ToBytes"/> wrote; <see cref="None"/> for anything else.</returns>
    public static Rhythm FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes) return None;
        var counts = new int[Classes];
        for (var at = 0; at < Classes; at++) counts[at] = Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(bytes[(8 + (4 * at))..]));
        var span = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return span < 0 ? None : new(counts, TimeSpan.FromTicks(span));
    }

    private static int ClassOf(TimeSpan pause)
    {
        var seconds = Math.Clamp(pause.TotalSeconds, 1, 1 << 18);
        return Math.Min(Classes - 1, (int)(Math.Log2(seconds) * ClassesOfOctave));
    }

    private static TimeSpan UpperEdge(int at) => TimeSpan.FromSeconds(Math.Pow(2, (at + 1) / (double)ClassesOfOctave));
}
