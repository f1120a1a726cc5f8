using System.Numerics;

namespace Yagura.Storage.Embedded.Index;

/// <summary>Numbers that differ in their lowest 16 bits only: a sorted list, or bits where these take less room.</summary>
internal sealed class Chunk
{
    /// <summary>Of a number within its chunk.</summary>
    public const int Bits = 16;

    /// <summary>Of 64 numbers each, in a chunk.</summary>
    public const int Words = 1 << Bits >> 6;

    private const int MostListed = 1 << Bits >> 4; // as large as the bits

    private ushort[] _list = new ushort[4];
    private ulong[]? _bits;
    private int _count;

    /// <returns>False where it was there.</returns>
    public bool Add(ushort number)
    {
        if (_bits is null && _count == MostListed) ToBits();
        if (_bits is not null)
        {
            if ((_bits[number >> 6] >> number & 1) != 0) return false;
            _bits[number >> 6] |= 1UL << number;
        }
        else
        {
            var place = _list.AsSpan(0, _count).BinarySearch(number);
            if (place >= 0) return false;
            if (_count == _list.Length) Array.Resize(ref _list, _count * 2);
            Array.Copy(_list, ~place, _list, ~place + 1, _count - ~place);
            _list[~place] = number;
        }
        _count++;
        return true;
    }

    /// <returns>False where it was not there.</returns>
    public bool Remove(ushort number)
    {
        if (_bits is not null)
        {
            if ((_bits[number >> 6] >> number & 1) == 0) return false;
            _bits[number >> 6] &= ~(1UL << number);
        }
        else
        {
            var place = _list.AsSpan(0, _count).BinarySearch(number);
            if (place < 0) return false;
            Array.Copy(_list, place + 1, _list, place, _count - place - 1);
        }
        _count--;
        return true;
    }

    /// <param name="set">The words of this chunk in a set; what is missing at the end is 0. So in all that follows.</param>
    /// <returns>How many are left.</returns>
    public int Remove(ReadOnlySpan<ulong> set)
    {
        var left = 0;
        if (_bits is not null)
        {
            for (var word = 0; word < set.Length; word++) _bits[word] &= ~set[word];
            foreach (var word in _bits) left += BitOperations.PopCount(word);
        }
        else
        {
            foreach (var number in _list.AsSpan(0, _count))
            {
                if (!Has(set, number)) _list[left++] = number;
            }
        }
        return _count = left;
    }

    public void AddTo(Span<ulong> set)
    {
        if (_bits is not null)
        {
            for (var word = 0; word < set.Length; word++) set[word] |= _bits[word];
        }
        else
        {
            foreach (var number in _list.AsSpan(0, _count)) set[number >> 6] |= 1UL << number;
        }
    }

    public void Visit<TVisitor>(ReadOnlySpan<ulong> set, int start, ref TVisitor visitor)
        where TVisitor : Postings.IVisitor
    {
        if (_bits is not null)
        {
            for (var word = 0; word < set.Length; word++)
            {
                for (var rest = set[word] & _bits[word]; rest != 0; rest &= rest - 1) visitor.Visit(start + (word << 6) + BitOperations.TrailingZeroCount(rest));
            }
        }
        else
        {
            foreach (var number in _list.AsSpan(0, _count))
            {
                if (Has(set, number)) visitor.Visit(start + number);
            }
        }
    }

    private static bool Has(ReadOnlySpan<ulong> set, ushort number) => number >> 6 < set.Length && (set[number >> 6] >> number & 1) != 0;

    private void ToBits()
    {
        _bits = new ulong[Words];
        foreach (var number in _list) _bits[number >> 6] |= 1UL << number;
        _list = [];
    }
}
