using System.Buffers.Binary;
using System.Globalization;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Automaton;

/// <summary>A whole number between bounds, both of which it may be.</summary>
internal sealed class WholeTest(long least, long most, WholeOf of) : ValueTest
{
    public override double Cost => 20;

    public override double Share => least == most ? 0.02 : 0.4;

    public override IReadOnlyList<Anchor> Anchors
    {
        get
        {
            if (least != most || of != WholeOf.Number) return base.Anchors;
            var key = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(key, least);
            return [new(AnchorKind.Whole, key, this)];
        }
    }

    public override bool Passes(MatchBuffer buffer, int value) =>
        WholeNumber.TryRead(of, buffer.Values[value].Kind, buffer.Text(value), out var whole) && whole >= least && whole <= most;
}

/// <summary>A whole number whose digits fit a wildcard.</summary>
internal sealed class DigitsTest(WildcardStates states, WholeOf of) : ValueTest
{
    private const int LongestNumber = 20;

    public override double Cost => 100;

    public override double Share => 0.1;

    public override bool Passes(MatchBuffer buffer, int value)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        return WholeNumber.TryRead(of, buffer.Values[value].Kind, buffer.Text(value), out var whole)
            && whole.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture) && states.Fits(digits[..length]);
    }
}
