using System.Text.RegularExpressions;

namespace Yagura.Matching.Automaton;

/// <summary>The text.</summary>
/// <param name="folded">The text has its ASCII letters in lower case, and so is the value seen.</param>
internal sealed class EqualTest(byte[] text, bool folded) : ValueTest
{
    public byte[] Text => text;

    public bool IsFolded => folded;

    public override double Cost => folded ? 12 : 4;

    public override double Share => 0.01;

    public override IReadOnlyList<Anchor> Anchors => [new(folded ? AnchorKind.Folded : AnchorKind.Text, text, this)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        ref var v = ref buffer.Values[value];
        return v.Kind == ValueKind.Text && v.Length == text.Length && (folded ? buffer.FoldedText(value) : buffer.Text(value)).SequenceEqual(text);
    }
}

/// <summary>Begins with the text.</summary>
/// <inheritdoc cref="EqualTest"/>
internal sealed class PrefixTest(byte[] text, bool folded) : ValueTest
{
    public override double Cost => folded ? 12 : 4;

    public override double Share => text.Length switch { 0 => 0.9, 1 => 0.2, 2 or 3 => 0.1, _ => 0.05 };

    public override IReadOnlyList<Anchor> Anchors => [new(folded ? AnchorKind.FoldedPrefix : AnchorKind.Prefix, text, this)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        ref var v = ref buffer.Values[value];
        return v.Kind == ValueKind.Text && v.Length >= text.Length && (folded ? buffer.FoldedText(value) : buffer.Text(value)).StartsWith(text);
    }
}

/// <summary>Ends with the text.</summary>
/// <inheritdoc cref="EqualTest"/>
internal sealed class SuffixTest(byte[] text, bool folded) : ValueTest
{
    public override double Cost => folded ? 12 : 4;

    public override double Share => text.Length switch { 0 => 0.9, 1 => 0.2, 2 or 3 => 0.1, _ => 0.05 };

    public override IReadOnlyList<Anchor> Anchors => [new(folded ? AnchorKind.FoldedSuffix : AnchorKind.Suffix, text, this)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        ref var v = ref buffer.Values[value];
        return v.Kind == ValueKind.Text && v.Length >= text.Length && (folded ? buffer.FoldedText(value) : buffer.Text(value)).EndsWith(text);
    }
}

/// <summary>Pieces in their order, anything between them; each is looked for as far to the left as it goes, which finds a way if there is one.</summary>
/// <inheritdoc cref="EqualTest"/>
internal sealed class WildcardTest(byte[][] pieces, bool folded) : ValueTest
{
    private readonly int _least = pieces.Sum(piece => piece.Length);

    /// <summary>The longest piece between two stars; empty where there is none.</summary>
    public byte[] LongestPiece { get; } = pieces[1..^1].OrderByDescending(piece => piece.Length).FirstOrDefault() ?? [];

    public override double Cost => 15 + 10 * pieces.Length + (folded ? 8 : 0);

    public override double Share => _least switch { 0 => 0.9, < 3 => 0.3, < 6 => 0.1, _ => 0.04 };

    public override IReadOnlyList<Anchor> Anchors
    {
        get
        {
            var (first, last) = (pieces[0], pieces[^1]);
            if (first.Length > 0 && (first.Length >= last.Length || last.Length < 3)) return [new(folded ? AnchorKind.FoldedPrefix : AnchorKind.Prefix, first, this, IsExact: false)];
            if (last.Length > 0) return [new(folded ? AnchorKind.FoldedSuffix : AnchorKind.Suffix, last, this, IsExact: false)];
            return base.Anchors;
        }
    }

    public override bool Passes(MatchBuffer buffer, int value)
    {
        ref var v = ref buffer.Values[value];
        if (v.Kind != ValueKind.Text || v.Length < _least || !buffer.Spend((v.Length * (1L + LongestPiece.Length)) >> 5)) return false;
        var text = folded ? buffer.FoldedText(value) : buffer.Text(value);
        var (first, last) = (pieces[0], pieces[^1]);
        if (!text.StartsWith(first) || !text.EndsWith(last)) return false;
        text = text[first.Length..(text.Length - last.Length)];
        for (var i = 1; i < pieces.Length - 1; i++)
        {
            var at = text.IndexOf(pieces[i]);
            if (at < 0) return false;
            text = text[(at + pieces[i].Length)..];
        }
        return true;
    }
}

/// <summary>Pieces in their order, as <see cref="WildcardTest"/>, with characters that may be any.</summary>
/// <param name="start">What every text begins with that fits; empty where nothing is known.</param>
/// <inheritdoc cref="EqualTest"/>
internal sealed class MarkedWildcardTest(WildcardStates states, byte[] start, bool folded) : ValueTest
{
    public override double Cost => 100;

    public override double Share => 0.1;

    public override IReadOnlyList<Anchor> Anchors =>
        start.Length == 0 ? base.Anchors : [new(folded ? AnchorKind.FoldedPrefix : AnchorKind.Prefix, start, this, IsExact: false)];

    public override bool Passes(MatchBuffer buffer, int value) =>
        buffer.Values[value].Kind == ValueKind.Text && buffer.Spend(buffer.Values[value].Length * states.Cost) && states.Fits(folded ? buffer.FoldedText(value) : buffer.Text(value));
}

/// <summary>A regular expression that finds itself in the text.</summary>
/// <param name="size">See <see cref="ExpressionSize.Characters"/>.</param>
internal sealed class ExpressionTest(Regex expression, long size) : ValueTest
{
    /// <summary>Nanoseconds for each character of the text and of the expression, once a text made for it has brought the engine to follow all its states at once.</summary>
    private const long WorstCost = 20;

    public override double Cost => 300;

    public override double Share => 0.1;

    public override bool Passes(MatchBuffer buffer, int value) =>
        buffer.Values[value].Kind == ValueKind.Text && buffer.Spend(WorstCost * size * buffer.Values[value].Length) && expression.IsMatch(buffer.Utf16(value, ref buffer.Characters));
}

/// <summary>The value is that of another field.</summary>
internal sealed class SameAsTest(int fieldId, Conditions.Comparison how, bool ignoreCase) : ValueTest
{
    /// <summary>The other field.</summary>
    public int Field => fieldId;

    public override double Cost => ignoreCase ? 200 : 20;

    public override double Share => 0.1;

    public override IReadOnlyList<Anchor> Anchors => [new(AnchorKind.Present, [], this, IsExact: false)];

    public override bool Passes(MatchBuffer buffer, int value)
    {
        for (var other = buffer.First(fieldId); other >= 0; other = buffer.Values[other].Next)
        {
            if (Compare(buffer, value, other)) return true;
        }
        return false;
    }

    public bool Compare(MatchBuffer buffer, int value, int other)
    {
        var kind = buffer.Values[value].Kind;
        if (kind != buffer.Values[other].Kind || !buffer.Spend(CostOf(buffer.Values[value].Length, buffer.Values[other].Length))) return false;
        if (kind != ValueKind.Text)
        {
            if (how != Conditions.Comparison.Equal) return false;
            if (kind != ValueKind.Number || buffer.Text(value).SequenceEqual(buffer.Text(other))) return true;
            return buffer.TryNumber(value, out var number) && buffer.TryNumber(other, out var same) && number == same;
        }
        if (!ignoreCase) return Compare(buffer.Text(value), buffer.Text(other));
        return Compare(buffer.Utf16(value, ref buffer.Characters), buffer.Utf16(other, ref buffer.OtherCharacters));
    }

    // Bytes are compared 32 at a time, characters of either case one by one, and a text that is looked for within another may be compared at each of its places.
    private long CostOf(long length, long other) =>
        ((ignoreCase ? length + other : Math.Min(length, other) >> 5) + 10) + (how == Conditions.Comparison.Contains && other <= length ? length * other >> (ignoreCase ? 0 : 5) : 0);

    private bool Compare(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other) => how switch
    {
        Conditions.Comparison.Equal => text.SequenceEqual(other),
        Conditions.Comparison.Prefix => text.StartsWith(other),
        Conditions.Comparison.Suffix => text.EndsWith(other),
        Conditions.Comparison.Contains => text.IndexOf(other) >= 0,
    };

    private bool Compare(ReadOnlySpan<char> text, ReadOnlySpan<char> other) => how switch
    {
        Conditions.Comparison.Equal => text.Equals(other, StringComparison.OrdinalIgnoreCase),
        Conditions.Comparison.Prefix => text.StartsWith(other, StringComparison.OrdinalIgnoreCase),
        Conditions.Comparison.Suffix => text.EndsWith(other, StringComparison.OrdinalIgnoreCase),
        Conditions.Comparison.Contains => text.Contains(other, StringComparison.OrdinalIgnoreCase),
    };
}
