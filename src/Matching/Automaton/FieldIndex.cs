using System.Buffers.Binary;
using Yagura.Core;

namespace Yagura.Matching.Automaton;

/// <summary>What can be found by a value of one field. Never changed, only copied.</summary>
internal sealed record FieldIndex
{
    public static readonly FieldIndex Empty = new();

    private EntryTable Entries { get; init; } = EntryTable.Empty;

    private AffixIndex Prefixes { get; init; } = new(backwards: false);

    private AffixIndex FoldedPrefixes { get; init; } = new(backwards: false);

    private AffixIndex Suffixes { get; init; } = new(backwards: true);

    private AffixIndex FoldedSuffixes { get; init; } = new(backwards: true);

    private NetworkLengths Networks { get; init; } = NetworkLengths.None;

    private RangeIndex Ranges { get; init; } = new();

    private ScanList Scans { get; init; } = new();

    private Posting Present { get; init; } = Posting.Empty;

    /// <summary>True where nothing can be found.</summary>
    public bool IsEmpty { get; private init; } = true;

    /// <summary>Meets all postings of a value.</summary>
    public void Meet(MatchBuffer buffer, int value)
    {
        var kind = buffer.Values[value].Kind;
        if (kind == ValueKind.Text) MeetText(buffer, value);
        else if (kind == ValueKind.Number) MeetNumber(buffer, value);
        else if (Entries.Has(EntryKind.Word)) buffer.Meet(Entries.Find(EntryKind.Word, [(byte)kind]));
        if (Scans.Count > 0) Scans.Meet(buffer, value);
        if (!Present.IsEmpty) buffer.Meet(Present);
    }

    private void MeetText(MatchBuffer buffer, int value)
    {
        if (Entries.Has(EntryKind.Text)) buffer.Meet(Entries.Find(EntryKind.Text, buffer.Text(value)));
        if (Prefixes.Count > 0) Prefixes.Meet(buffer.Text(value), buffer);
        if (Suffixes.Count > 0) Suffixes.Meet(buffer.Text(value), buffer);
        if (Entries.Has(EntryKind.Folded)) buffer.Meet(Entries.Find(EntryKind.Folded, buffer.FoldedText(value)));
        if (FoldedPrefixes.Count > 0) FoldedPrefixes.Meet(buffer.FoldedText(value), buffer);
        if (FoldedSuffixes.Count > 0) FoldedSuffixes.Meet(buffer.FoldedText(value), buffer);
        if (Networks.Count > 0 && buffer.TryAddress(value, out var address)) MeetNetworks(buffer, address);
    }

    private void MeetNetworks(MatchBuffer buffer, IpAddress address)
    {
        Span<byte> key = stackalloc byte[NumberBytes.NetworkLength];
        foreach (var bits in Networks.Of(address))
        {
            NumberBytes.WriteNetwork(address, bits, key);
            buffer.Meet(Entries.Find(EntryKind.Network, key));
        }
    }

    private void MeetNumber(MatchBuffer buffer, int value)
    {
        if (Entries.Has(EntryKind.Number) && buffer.TryNumber(value, out var number))
        {
            Span<byte> key = stackalloc byte[NumberBytes.Length];
            NumberBytes.Write(number, key);
            buffer.Meet(Entries.Find(EntryKind.Number, key));
        }
        if (Entries.Has(EntryKind.Whole))
        {
            Span<byte> key = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(key, WholeNumber.OfJson(buffer.Text(value)));
            buffer.Meet(Entries.Find(EntryKind.Whole, key));
        }
        if (Entries.Has(EntryKind.Literal)) buffer.Meet(Entries.Find(EntryKind.Literal, buffer.Text(value)));
        if (Ranges.Count > 0) Ranges.Meet(buffer, value);
    }

    /// <summary>What is met at an anchor.</summary>
    public Posting PostingAt(Anchor anchor) => anchor.Kind switch
    {
        AnchorKind.Prefix => Prefixes.Find(anchor.Key),
        AnchorKind.FoldedPrefix => FoldedPrefixes.Find(anchor.Key),
        AnchorKind.Suffix => Suffixes.Find(anchor.Key),
        AnchorKind.FoldedSuffix => FoldedSuffixes.Find(anchor.Key),
        AnchorKind.Range or AnchorKind.Scan => anchor.Test.Posting,
        AnchorKind.Present => Present,
        _ => Entries.Find(KindOf(anchor), anchor.Key),
    } ?? Posting.Empty;

    /// <param name="kind">Of all the anchors.</param>
    /// <param name="changes">Different anchors with what replaces the posting at each: many at once, since each copy of an index takes as long as it is large.</param>
    public FieldIndex With(AnchorKind kind, IReadOnlyList<(Anchor Anchor, Posting Posting)> changes)
    {
        var changed = kind switch
        {
            AnchorKind.Prefix => this with { Prefixes = Prefixes.With(ByKey(changes)) },
            AnchorKind.FoldedPrefix => this with { FoldedPrefixes = FoldedPrefixes.With(ByKey(changes)) },
            AnchorKind.Suffix => this with { Suffixes = Suffixes.With(ByKey(changes)) },
            AnchorKind.FoldedSuffix => this with { FoldedSuffixes = FoldedSuffixes.With(ByKey(changes)) },
            AnchorKind.Range => this with { Ranges = Ranges.With(ByTest(changes)) },
            AnchorKind.Scan => this with { Scans = Scans.With(ByTest(changes)) },
            AnchorKind.Present => this with { Present = changes[^1].Posting },
            _ => changes.Aggregate(this, (index, change) => index.WithEntry(change.Anchor, change.Posting)),
        };
        var isEmpty = !Enum.GetValues<EntryKind>().Any(changed.Entries.Has) && changed.Present.IsEmpty && changed.Scans.Count + changed.Ranges.Count == 0
            && changed.Prefixes.Count + changed.FoldedPrefixes.Count + changed.Suffixes.Count + changed.FoldedSuffixes.Count == 0;
        return changed with { IsEmpty = isEmpty };
    }

    private FieldIndex WithEntry(Anchor anchor, Posting posting) => this with { Entries = Entries.With(KindOf(anchor), anchor.Key, posting), Networks = Lengths(anchor, posting) };

    private static List<(byte[] Affix, Posting Posting)> ByKey(IReadOnlyList<(Anchor Anchor, Posting Posting)> changes) => [.. changes.Select(change => (change.Anchor.Key, change.Posting))];

    private static Dictionary<ValueTest, Posting> ByTest(IReadOnlyList<(Anchor Anchor, Posting Posting)> changes) => changes.ToDictionary(change => change.Anchor.Test, change => change.Posting);

    private NetworkLengths Lengths(Anchor anchor, Posting posting)
    {
        if (anchor.Kind != AnchorKind.Network) return Networks;
        var before = !PostingAt(anchor).IsEmpty;
        return before == !posting.IsEmpty ? Networks : Networks.With(anchor.Key[^1], before ? -1 : 1);
    }

    private static EntryKind KindOf(Anchor anchor) => (EntryKind)anchor.Kind; // the first seven are the same
}
