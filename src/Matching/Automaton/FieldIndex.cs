namespace Yagura.Matching.Automaton;

/// <summary>The clauses that a value of one field can be the anchor of. Never changed, only copied.</summary>
internal sealed record FieldIndex
{
    public static readonly FieldIndex Empty = new();

    private EntryTable Entries { get; init; } = EntryTable.Empty;

    private AffixIndex Prefixes { get; init; } = new(backwards: false);

    private AffixIndex FoldedPrefixes { get; init; } = new(backwards: false);

    private AffixIndex Suffixes { get; init; } = new(backwards: true);

    private AffixIndex FoldedSuffixes { get; init; } = new(backwards: true);

    private RangeIndex Ranges { get; init; } = new();

    private ScanList Scans { get; init; } = new();

    private Clause[] Present { get; init; } = [];

    // How many anchors are entries of a kind, so that values need not be made ready for kinds that nobody asks for.
    private int Texts { get; init; }

    private int Folded { get; init; }

    private int Numbers { get; init; }

    private int Literals { get; init; }

    private int Addresses { get; init; }

    private int Words { get; init; }

    /// <summary>How many anchors there are.</summary>
    public int Count { get; private init; }

    /// <summary>Tries all clauses that have an anchor in the value.</summary>
    public void Try(MatchBuffer buffer, int value)
    {
        var kind = buffer.Values[value].Kind;
        if (kind == ValueKind.Text) TryText(buffer, value);
        else if (kind == ValueKind.Number) TryNumber(buffer, value);
        else if (Words > 0 && Entries.Find(EntryKind.Word, [(byte)kind]) is { } clauses) buffer.Try(clauses);
        if (Scans.Count > 0) Scans.Try(buffer, value);
        if (Present.Length > 0) buffer.Try(Present);
    }

    private void TryText(MatchBuffer buffer, int value)
    {
        if (Texts > 0 && Entries.Find(EntryKind.Text, buffer.Text(value)) is { } exact) buffer.Try(exact);
        if (Prefixes.Count > 0) Prefixes.Try(buffer.Text(value), buffer);
        if (Suffixes.Count > 0) Suffixes.Try(buffer.Text(value), buffer);
        if (Folded > 0 && Entries.Find(EntryKind.Folded, buffer.FoldedText(value)) is { } folded) buffer.Try(folded);
        if (FoldedPrefixes.Count > 0) FoldedPrefixes.Try(buffer.FoldedText(value), buffer);
        if (FoldedSuffixes.Count > 0) FoldedSuffixes.Try(buffer.FoldedText(value), buffer);
        if (Addresses == 0 || !buffer.TryAddress(value, out var address)) return;
        Span<byte> bytes = stackalloc byte[NumberBytes.Length];
        NumberBytes.Write(address, bytes);
        if (Entries.Find(EntryKind.Address, bytes) is { } hosts) buffer.Try(hosts);
    }

    private void TryNumber(MatchBuffer buffer, int value)
    {
        if (Numbers > 0 && buffer.TryNumber(value, out var number))
        {
            Span<byte> bytes = stackalloc byte[NumberBytes.Length];
            NumberBytes.Write(number, bytes);
            if (Entries.Find(EntryKind.Number, bytes) is { } equal) buffer.Try(equal);
        }
        if (Literals > 0 && Entries.Find(EntryKind.Literal, buffer.Text(value)) is { } literal) buffer.Try(literal);
        if (Ranges.Count > 0 && !Ranges.IsDone(buffer)) Ranges.Try(buffer, value);
    }

    /// <summary>How many clauses have the same anchor.</summary>
    public int Users(Anchor anchor) => anchor.Kind switch
    {
        AnchorKind.Prefix => Prefixes.Find(anchor.Key)?.Length ?? 0,
        AnchorKind.FoldedPrefix => FoldedPrefixes.Find(anchor.Key)?.Length ?? 0,
        AnchorKind.Suffix => Suffixes.Find(anchor.Key)?.Length ?? 0,
        AnchorKind.FoldedSuffix => FoldedSuffixes.Find(anchor.Key)?.Length ?? 0,
        AnchorKind.Range => Ranges.Count,
        AnchorKind.Scan => Scans.Count,
        AnchorKind.Present => Present.Length,
        _ => Entries.Find(KindOf(anchor), anchor.Key)?.Length ?? 0,
    };

    public FieldIndex With(Anchor anchor, Clause clause) => Counted(anchor, 1) with
    {
        Prefixes = anchor.Kind == AnchorKind.Prefix ? Prefixes.With(anchor.Key, clause) : Prefixes,
        FoldedPrefixes = anchor.Kind == AnchorKind.FoldedPrefix ? FoldedPrefixes.With(anchor.Key, clause) : FoldedPrefixes,
        Suffixes = anchor.Kind == AnchorKind.Suffix ? Suffixes.With(anchor.Key, clause) : Suffixes,
        FoldedSuffixes = anchor.Kind == AnchorKind.FoldedSuffix ? FoldedSuffixes.With(anchor.Key, clause) : FoldedSuffixes,
        Ranges = anchor.Kind == AnchorKind.Range ? Ranges.With((BetweenTest)anchor.Test, clause) : Ranges,
        Scans = anchor.Kind == AnchorKind.Scan ? Scans.With(anchor.Test, clause) : Scans,
        Present = anchor.Kind == AnchorKind.Present ? [.. Present, clause] : Present,
        Entries = anchor.Kind <= AnchorKind.Word ? Entries.With(KindOf(anchor), anchor.Key, clause) : Entries,
    };

    public FieldIndex Without(Anchor anchor, Clause clause) => Counted(anchor, -1) with
    {
        Prefixes = anchor.Kind == AnchorKind.Prefix ? Prefixes.Without(anchor.Key, clause) : Prefixes,
        FoldedPrefixes = anchor.Kind == AnchorKind.FoldedPrefix ? FoldedPrefixes.Without(anchor.Key, clause) : FoldedPrefixes,
        Suffixes = anchor.Kind == AnchorKind.Suffix ? Suffixes.Without(anchor.Key, clause) : Suffixes,
        FoldedSuffixes = anchor.Kind == AnchorKind.FoldedSuffix ? FoldedSuffixes.Without(anchor.Key, clause) : FoldedSuffixes,
        Ranges = anchor.Kind == AnchorKind.Range ? Ranges.Without((BetweenTest)anchor.Test, clause) : Ranges,
        Scans = anchor.Kind == AnchorKind.Scan ? Scans.Without(anchor.Test, clause) : Scans,
        Present = anchor.Kind == AnchorKind.Present ? [.. Present.Where(other => other != clause)] : Present,
        Entries = anchor.Kind <= AnchorKind.Word ? Entries.Without(KindOf(anchor), anchor.Key, clause) : Entries,
    };

    private FieldIndex Counted(Anchor anchor, int by) => this with
    {
        Count = Count + by,
        Texts = Texts + (anchor.Kind == AnchorKind.Text ? by : 0),
        Folded = Folded + (anchor.Kind == AnchorKind.Folded ? by : 0),
        Numbers = Numbers + (anchor.Kind == AnchorKind.Number ? by : 0),
        Literals = Literals + (anchor.Kind == AnchorKind.Literal ? by : 0),
        Addresses = Addresses + (anchor.Kind == AnchorKind.Address ? by : 0),
        Words = Words + (anchor.Kind == AnchorKind.Word ? by : 0),
    };

    private static EntryKind KindOf(Anchor anchor) => (EntryKind)anchor.Kind; // the first six are the same
}
