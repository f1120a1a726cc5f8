using System.Globalization;
using Yagura.Core;

namespace Yagura.Matching.Automaton;

/// <summary>There is a value.</summary>
internal sealed class PresentTest : ValueTest
{
    public override double Cost => 0;

    public override double Share => 0.8;

    public override IReadOnlyList<Anchor> Anchors => [new(AnchorKind.Present, [], this)];

    public override bool Passes(MatchBuffer buffer, int value) => true;
}

/// <summary>The word <c>true</c>, <c>false</c> or <c>null</c>.</summary>
/// <param name="alsoText">Null for none.</param>
internal sealed class WordTest(ValueKind kind, byte[]? alsoText) : ValueTest
{
    public override double Cost => 1;

    public override double Share => 0.3;

    public override IReadOnlyList<Anchor> Anchors
    {
        get
        {
            var word = new Anchor(AnchorKind.Word, [(byte)kind], this);
            return alsoText is null ? [word] : [word, new(AnchorKind.Text, alsoText, this)];
        }
    }

    public override bool Passes(MatchBuffer buffer, int value)
    {
        var found = buffer.Values[value].Kind;
        return found == kind || (alsoText is not null && found == ValueKind.Text && buffer.Text(value).SequenceEqual(alsoText));
    }
}

/// <summary>A number, whatever its spelling.</summary>
internal sealed class NumberTest(JsonNumber number, bool alsoText) : ValueTest
{
    public override double Cost => 5;

    public override double Share => 0.02;

    public override IReadOnlyList<Anchor> Anchors => alsoText ? base.Anchors : [new(AnchorKind.Number, NumberBytes.Of(number), this)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        var kind = buffer.Values[value].Kind;
        return (kind == ValueKind.Number || (alsoText && kind == ValueKind.Text)) && buffer.TryNumber(value, out var found) && found == number;
    }
}

/// <summary>A number as it is spelled.</summary>
internal sealed class LiteralTest(byte[] json) : ValueTest
{
    public override double Cost => 4;

    public override double Share => 0.01;

    public override IReadOnlyList<Anchor> Anchors => [new(AnchorKind.Literal, json, this)];

    public override bool Passes(MatchBuffer buffer, int value) => buffer.Values[value].Kind == ValueKind.Number && buffer.Text(value).SequenceEqual(json);
}

/// <summary>A number between bounds, which are infinite where there is none.</summary>
internal sealed class BetweenTest(double lower, bool lowerIncluded, double upper, bool upperIncluded, bool alsoText) : ValueTest
{
    public double Lower => lower;

    public double Upper => upper;

    public override double Cost => 10;

    public override double Share => double.IsInfinity(lower) || double.IsInfinity(upper) ? 0.4 : 0.2;

    public override IReadOnlyList<Anchor> Anchors => alsoText ? base.Anchors : [new(AnchorKind.Range, [], this)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        var kind = buffer.Values[value].Kind;
        return (kind == ValueKind.Number || (alsoText && kind == ValueKind.Text))
            && buffer.TryBounds(value, out var low, out var high) && high >= lower && low <= upper && buffer.TryDouble(value, out var number) && Holds(number);
    }

    private bool Holds(double number) => (number > lower || (lowerIncluded && number == lower)) && (number < upper || (upperIncluded && number == upper));
}

/// <summary>An address within a network.</summary>
internal sealed class NetworkTest : ValueTest
{
    private readonly IpAddress _start, _mask;
    private readonly bool _isV4;
    private readonly int _bits;

    public NetworkTest(IpAddress address, int bits)
    {
        _isV4 = address.IsV4;
        _bits = bits;
        var isFixed = _isV4 ? bits + 96 : bits;
        _mask = new(NumberBytes.HighMask(isFixed), NumberBytes.LowMask(isFixed));
        _start = new(address.High & _mask.High, address.Low & _mask.Low);
    }

    public override double Cost => 15;

    public override double Share => _bits == (_isV4 ? 32 : 128) ? 0.005 : 0.05;

    public override IReadOnlyList<Anchor> Anchors => [new(AnchorKind.Network, NumberBytes.OfNetwork(_start, NumberBytes.BitsOf(_isV4, _bits)), this)];

    public override bool Passes(MatchBuffer buffer, int value) =>
        buffer.Values[value].Kind == ValueKind.Text && buffer.TryAddress(value, out var address) && address.IsV4 == _isV4
        && (address.High & _mask.High) == _start.High && (address.Low & _mask.Low) == _start.Low;

    /// <param name="network">Such as <c>10.0.0.0/8</c>; bits behind the mask do not matter.</param>
    public static bool TryParse(string network, out IpAddress address, out int bits)
    {
        var slash = network.IndexOf('/', StringComparison.Ordinal);
        bits = 0;
        address = default;
        return slash > 0 && AddressText.TryParse(network[..slash], out address)
            && int.TryParse(network.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= (address.IsV4 ? 32 : 128);
    }
}

/// <summary>A value that passes one of several tests; many texts are looked up in a set.</summary>
/// <param name="negated">Asks for none instead.</param>
internal sealed class SomeTest(ValueTest[] tests, bool negated) : ValueTest
{
    private readonly TextSet _texts = new(tests.OfType<EqualTest>().Where(test => !test.IsFolded).Select(test => test.Text));
    private readonly TextSet _folded = new(tests.OfType<EqualTest>().Where(test => test.IsFolded).Select(test => test.Text));
    private readonly ValueTest[] _others = [.. tests.Where(test => test is not EqualTest).OrderBy(test => test.Cost)];

    public override double Cost => 6 + _others.Sum(test => test.Cost);

    public override double Share
    {
        get
        {
            var share = Math.Min(0.9, tests.Sum(test => test.Share));
            return negated ? 1 - share / 2 : share;
        }
    }

    public override IReadOnlyList<Anchor> Anchors => negated ? base.Anchors : [.. tests.SelectMany(test => test.Anchors)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        var before = buffer.Fault;
        buffer.Fault = EventFault.None;
        var any = Any(buffer, value);
        // Where a test was left out and none passed, nobody knows whether none would.
        if (!any && buffer.Fault != EventFault.None) return false;
        buffer.Fault = before;
        return any != negated;
    }

    private bool Any(MatchBuffer buffer, int value)
    {
        if (buffer.Values[value].Kind == ValueKind.Text)
        {
            if (_texts.Count > 0 && _texts.Contains(buffer.Text(value))) return true;
            if (_folded.Count > 0 && _folded.Contains(buffer.FoldedText(value))) return true;
        }
        foreach (var test in _others)
        {
            if (test.Passes(buffer, value)) return true;
        }
        return false;
    }
}
