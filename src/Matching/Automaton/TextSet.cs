using System.Numerics;

namespace Yagura.Matching.Automaton;

/// <summary>Texts to look up.</summary>
internal sealed class TextSet
{
    private const int FewTexts = 3;

    private readonly byte[][] _texts;
    private readonly int[] _table = []; // one more than the place of a text; 0 where there is none
    private readonly ulong _lengths;    // a bit for each length up to 63, which is set for longer ones

    public TextSet(IEnumerable<byte[]> texts)
    {
        _texts = [.. texts];
        foreach (var text in _texts) _lengths |= 1UL << Math.Min(text.Length, 63);
        if (_texts.Length <= FewTexts) return;
        _table = new int[BitOperations.RoundUpToPowerOf2((uint)_texts.Length * 2)];
        for (var i = 0; i < _texts.Length; i++)
        {
            var at = PlaceOf(_texts[i]);
            while (_table[at] != 0) at = (at + 1) & (_table.Length - 1);
            _table[at] = i + 1;
        }
    }

    public int Count => _texts.Length;

    public bool Contains(ReadOnlySpan<byte> text)
    {
        if ((_lengths >> Math.Min(text.Length, 63) & 1) == 0) return false;
        if (_table.Length == 0)
        {
            foreach (var one in _texts)
            {
                if (text.SequenceEqual(one)) return true;
            }
            return false;
        }
        for (var at = PlaceOf(text); _table[at] != 0; at = (at + 1) & (_table.Length - 1))
        {
            if (text.SequenceEqual(_texts[_table[at] - 1])) return true;
        }
        return false;
    }

    private int PlaceOf(ReadOnlySpan<byte> text) => (int)Hashing.Of(text, EntryKind.Text) & (_table.Length - 1);
}
