namespace Yagura.Matching.Automaton;

/// <summary>What one value is asked: a <see cref="Conditions.Test"/>, made ready.</summary>
internal abstract class ValueTest
{
    public abstract bool Passes(MatchBuffer buffer, int value);

    /// <summary>About how long it takes, in nanoseconds.</summary>
    public abstract double Cost { get; }

    /// <summary>A guess how many values pass, from 0 to 1.</summary>
    public abstract double Share { get; }

    /// <summary>For a test that an index tries itself: the slot in which a match keeps that some value passed.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>For such a test: what the index meets by it, as who adds and removes rules sees it.</summary>
    public Posting Posting { get; set; } = Posting.Empty;

    /// <summary>Where an index finds it: at least one of the anchors meets every value that passes.</summary>
    public virtual IReadOnlyList<Anchor> Anchors => [new(AnchorKind.Scan, [], this)];
}

/// <summary>How an index finds a value.</summary>
internal enum AnchorKind : byte
{
    Text, Folded, Number, Literal, Network, Word, Whole,
    Prefix, FoldedPrefix, Suffix, FoldedSuffix,
    /// <summary>The test itself, a <see cref="BetweenTest"/>, among the sorted bounds of the field.</summary>
    Range,
    /// <summary>The test itself, tried on every value of the field.</summary>
    Scan,
    /// <summary>Any value.</summary>
    Present,
}

/// <summary>A place in the index of a field.</summary>
/// <param name="Key">Its bytes, where it is one of the first eleven kinds.</param>
/// <param name="Test">The test that is meant.</param>
/// <param name="IsExact">True where what is found here passes the test, so that nothing is left to ask.</param>
internal sealed record Anchor(AnchorKind Kind, byte[] Key, ValueTest Test, bool IsExact = true);
