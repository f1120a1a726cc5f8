namespace Yagura.Detectors;

/// <summary>A set of days: of those that were ever added the newest and the others of the <see cref="Width"/> days that end with it.</summary>
/// <remarks>A join: the union is the same for any order and repetition. Days are those of <see cref="DateOnly.DayNumber"/>, by UTC. 32 bytes, no allocation.</remarks>
/// <param name="Newest">0 while the set is empty.</param>
/// <param name="Bits">The lowest is the newest day, the next the day before it.</param>
public readonly record struct DaySet(int Newest, UInt128 Bits)
{
    /// <summary>Days that are told apart. What is older than the newest by more is forgotten.</summary>
    public const int Width = 128;

    public static DaySet Of(int day) => new(day, UInt128.One);

    public static int DayOf(DateTimeOffset time) => (int)(time.UtcTicks / TimeSpan.TicksPerDay);

    public DaySet With(int day) => day == Newest ? this : Union(Of(day));

    public DaySet Union(DaySet other)
    {
        var newest = Math.Max(Newest, other.Newest);
        return new(newest, Older(Bits, newest - Newest) | Older(other.Bits, newest - other.Newest));
    }

    public bool Contains(int day) => day <= Newest && Newest - day < Width && (Bits >> (Newest - day) & UInt128.One) != UInt128.Zero;

    /// <summary>How many days of the set lie between two, these included.</summary>
    public int Count(int first, int last) => (int)UInt128.PopCount(Between(first, last));

    public bool Any(int first, int last) => Between(first, last) != UInt128.Zero;

    /// <summary>The first day of the set between two, these included; null where there is none.</summary>
    public int? First(int first, int last) =>
        Between(first, last) is var bits && bits == UInt128.Zero ? null : Newest - (Width - 1 - (int)UInt128.LeadingZeroCount(bits));

    private UInt128 Between(int first, int last)
    {
        var bits = last >= Newest ? Bits : Newest - last >= Width ? UInt128.Zero : Bits >> (Newest - last) << (Newest - last);
        var kept = Newest - first + 1; // of the lowest bits
        return kept >= Width ? bits : kept <= 0 ? UInt128.Zero : bits & ((UInt128.One << kept) - UInt128.One);
    }

    private static UInt128 Older(UInt128 bits, int days) => days >= Width ? UInt128.Zero : bits << days;
}
