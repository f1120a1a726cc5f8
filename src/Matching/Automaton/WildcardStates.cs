using Yagura.Matching.Conditions;

namespace Yagura.Matching.Automaton;

/// <summary>A wildcard with characters that may be any, run over bytes: all places of the pattern that a text may have reached, as bits, go on together.</summary>
/// <remarks>The time is at most (length of text) × (length of pattern / 64), whatever they hold. Both are UTF-8, so no character begins within another.</remarks>
internal sealed class WildcardStates
{
    private const int FewWords = 64;

    private readonly int _words, _length; // places: 0 to _length
    private readonly byte[] _classes = new byte[256]; // of a byte: which masks it has; 0 for one that the pattern does not name
    private readonly ulong[] _steps;      // by class and word: the places from which the byte leads to the next
    private readonly ulong[] _marks;      // the places from which any character leads to the next
    private readonly ulong[] _afterMarks; // the places within a character that may be any
    private readonly ulong[] _optional;   // the places that lead to the next by themselves
    private readonly ulong[] _stars;      // the places at which every byte stays
    private readonly bool _hasOptional;

    /// <param name="bytesOf">The bytes of what stands between marks.</param>
    public WildcardStates(IReadOnlyList<string> pieces, Func<string, byte[]> bytesOf)
    {
        var tokens = new List<int>(); // a byte, or a mark as a negative number
        var stars = new List<int>();
        tokens.AddRange(TokensOf(pieces[0], bytesOf));
        foreach (var piece in pieces.Skip(1))
        {
            stars.Add(tokens.Count);
            tokens.AddRange(TokensOf(piece, bytesOf));
        }
        _length = tokens.Count;
        _words = _length / 64 + 1;
        _marks = new ulong[_words];
        _afterMarks = new ulong[_words];
        _optional = new ulong[_words];
        _stars = new ulong[_words];
        foreach (var star in stars) Set(_stars, star);
        byte classes = 0;
        foreach (var token in tokens.Where(token => token >= 0).Distinct()) _classes[token] = ++classes;
        _steps = new ulong[(classes + 1) * _words];
        for (var place = 0; place < tokens.Count; place++)
        {
            if (tokens[place] >= 0) Set(_steps.AsSpan(_classes[tokens[place]] * _words), place);
            else
            {
                Set(_marks, place);
                Set(_afterMarks, place + 1);
                if (tokens[place] == -Test.Wildcard.OptionalCharacter) Set(_optional, place);
            }
        }
        _hasOptional = _optional.AsSpan().ContainsAnyExcept(0UL);
    }

    /// <summary>Nanoseconds for each byte of a text, about: each word is gone through once, and again for every one that missing characters lead on to.</summary>
    public long Cost => (_hasOptional ? 4L : 2L) * _words;

    private static IEnumerable<int> TokensOf(string piece, Func<string, byte[]> bytesOf)
    {
        for (var at = 0; at < piece.Length;)
        {
            var mark = Test.Wildcard.MarkIn(piece.AsSpan(at));
            var end = mark < 0 ? piece.Length : at + mark;
            foreach (var one in bytesOf(piece[at..end])) yield return one;
            if (mark >= 0) yield return -piece[end];
            at = end + 1;
        }
    }

    private static void Set(Span<ulong> bits, int at) => bits[at / 64] |= 1UL << at % 64;

    public bool Fits(ReadOnlySpan<byte> text)
    {
        var reached = _words <= FewWords ? stackalloc ulong[_words] : new ulong[_words];
        reached.Clear();
        reached[0] = 1;
        Skip(reached);
        foreach (var one in text)
        {
            var isWithin = (one & 0xC0) == 0x80; // not the first byte of a character
            var steps = _steps.AsSpan(_classes[one] * _words, _words);
            ulong carry = 0, any = 0;
            for (var word = 0; word < reached.Length; word++)
            {
                var stepping = reached[word] & (isWithin ? steps[word] : steps[word] | _marks[word]);
                var staying = reached[word] & (isWithin ? _stars[word] | _afterMarks[word] : _stars[word]);
                reached[word] = stepping << 1 | carry | staying;
                carry = stepping >> 63;
                any |= reached[word];
            }
            if (any == 0) return false;
            Skip(reached);
        }
        return (reached[_length / 64] >> _length % 64 & 1) != 0;
    }

    /// <summary>Leaves out characters that may be missing.</summary>
    private void Skip(Span<ulong> reached)
    {
        for (var hasChanged = _hasOptional; hasChanged;)
        {
            hasChanged = false;
            ulong carry = 0;
            for (var word = 0; word < reached.Length; word++)
            {
                var skipping = reached[word] & _optional[word];
                var more = (skipping << 1 | carry) & ~reached[word];
                carry = skipping >> 63;
                reached[word] |= more;
                hasChanged |= more != 0;
            }
        }
    }
}
