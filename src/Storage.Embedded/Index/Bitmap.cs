using System.Numerics;

namespace Yagura.Storage.Embedded.Index;

/// <summary>A set of the numbers of findings, as bits; as large as the largest number that was set.</summary>
internal sealed class Bitmap
{
    private ulong[] _words;

    public Bitmap() => _words = [];

    private Bitmap(ulong[] words) => _words = words;

    public ReadOnlySpan<ulong> Words => _words;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words) count += BitOperations.PopCount(word);
            return count;
        }
    }

    public Bitmap Copy() => new((ulong[])_words.Clone());

    /// <summary>An empty set with room for as many numbers.</summary>
    public Bitmap Blank() => new(new ulong[_words.Length]);

    public bool Has(int number) => number >> 6 < _words.Length && (_words[number >> 6] >> number & 1) != 0;

    public void Set(int number)
    {
        if (number >> 6 >= _words.Length) Array.Resize(ref _words, Math.Max(_words.Length * 2, (number >> 6) + 1));
        _words[number >> 6] |= 1UL << number;
    }

    public void Clear(int number)
    {
        if (number >> 6 < _words.Length) _words[number >> 6] &= ~(1UL << number);
    }

    /// <summary>The part of a <see cref="Index.Chunk"/>; shorter or empty where the set ends.</summary>
    public Span<ulong> Chunk(int chunk)
    {
        var start = Math.Min(_words.Length, chunk * Index.Chunk.Words);
        return _words.AsSpan(start, Math.Min(Index.Chunk.Words, _words.Length - start));
    }

    /// <summary>Adds 64 numbers at once.</summary>
    public void SetWord(int word, ulong bits) => _words[word] |= bits;

    public void And(Bitmap other)
    {
        var theirs = other._words;
        for (var i = 0; i < _words.Length; i++) _words[i] &= i < theirs.Length ? theirs[i] : 0;
    }

    public void AndNot(Bitmap other)
    {
        var theirs = other._words;
        for (var i = 0; i < Math.Min(_words.Length, theirs.Length); i++) _words[i] &= ~theirs[i];
    }

    /// <summary>In ascending order.</summary>
    public Enumerator GetEnumerator() => new(_words);

    public ref struct Enumerator(ReadOnlySpan<ulong> words)
    {
        private readonly ReadOnlySpan<ulong> _words = words;
        private ulong _rest;
        private int _word = -1;

        public readonly int Current => (_word << 6) + BitOperations.TrailingZeroCount(_rest);

        public bool MoveNext()
        {
            _rest &= _rest - 1; // takes the current one away
            while (_rest == 0)
            {
                if (++_word >= _words.Length) return false;
                _rest = _words[_word];
            }
            return true;
        }
    }
}
