using System.Diagnostics.CodeAnalysis;

namespace Yagura.Storage.Embedded.Index;

/// <summary>The numbers of the findings that have a facet: one, a short list, or chunks. Most facets belong to one finding.</summary>
internal struct Postings
{
    private const int MostListed = 32;

    private int _count, _only;
    private object? _many; // int[], of which the first _count are in order, or Chunk?[]

    public readonly int Count => _count;

    public void Add(int number)
    {
        switch (_many)
        {
            case Chunk?[] chunks:
                if (ChunkOf(ref chunks, number).Add((ushort)number)) _count++;
                _many = chunks;
                break;
            case int[] list:
                var place = list.AsSpan(0, _count).BinarySearch(number);
                if (place >= 0) return;
                if (_count == MostListed) AddChunked(list, number);
                else AddListed(list, ~place, number);
                break;
            default:
                if (_count == 0) _only = number;
                else if (_only == number) return;
                else _many = new[] { Math.Min(_only, number), Math.Max(_only, number), 0, 0 };
                _count++;
                break;
        }
    }

    public void Remove(int number)
    {
        switch (_many)
        {
            case Chunk?[] chunks when number >> Chunk.Bits < chunks.Length && chunks[number >> Chunk.Bits]?.Remove((ushort)number) == true: break;
            case int[] list when list.AsSpan(0, _count).BinarySearch(number) is >= 0 and var place:
                Array.Copy(list, place + 1, list, place, _count - place - 1);
                break;
            case null when _count == 1 && _only == number: break;
            default: return;
        }
        if (--_count == 0) _many = null;
    }

    /// <summary>Takes away all that are in a set, at the cost of one pass.</summary>
    public void Remove(Bitmap numbers)
    {
        switch (_many)
        {
            case Chunk?[] chunks:
                _count = 0;
                for (var i = 0; i < chunks.Length; i++) _count += chunks[i]?.Remove(numbers.Chunk(i)) ?? 0;
                break;
            case int[] list:
                var kept = 0;
                for (var i = 0; i < _count; i++)
                {
                    if (!numbers.Has(list[i])) list[kept++] = list[i];
                }
                _count = kept;
                break;
            default:
                if (_count == 1 && numbers.Has(_only)) _count = 0;
                break;
        }
        if (_count == 0) _many = null;
    }

    /// <summary>Adds the numbers to a set that has room for them.</summary>
    public readonly void AddTo(Bitmap set)
    {
        if (_many is Chunk?[] chunks)
        {
            for (var i = 0; i < chunks.Length; i++) chunks[i]?.AddTo(set.Chunk(i));
        }
        else
        {
            foreach (var number in Listed()) set.Set(number);
        }
    }

    /// <summary>Shows those that are in a set too, in ascending order.</summary>
    public readonly void Visit<TVisitor>(Bitmap set, ref TVisitor visitor)
        where TVisitor : IVisitor
    {
        if (_many is Chunk?[] chunks)
        {
            for (var i = 0; i < chunks.Length; i++) chunks[i]?.Visit(set.Chunk(i), i << Chunk.Bits, ref visitor);
        }
        else
        {
            foreach (var number in Listed())
            {
                if (set.Has(number)) visitor.Visit(number);
            }
        }
    }

    private void AddListed(int[] list, int place, int number)
    {
        if (_count == list.Length) _many = list = [.. list, .. new int[_count]];
        Array.Copy(list, place, list, place + 1, _count - place);
        list[place] = number;
        _count++;
    }

    private void AddChunked(int[] list, int number)
    {
        var chunks = new Chunk?[(Math.Max(number, list[^1]) >> Chunk.Bits) + 1];
        foreach (var listed in list) ChunkOf(ref chunks, listed).Add((ushort)listed);
        ChunkOf(ref chunks, number).Add((ushort)number);
        (_many, _count) = (chunks, _count + 1);
    }

    private static Chunk ChunkOf(ref Chunk?[] chunks, int number)
    {
        var chunk = number >> Chunk.Bits;
        if (chunk >= chunks.Length) Array.Resize(ref chunks, chunk + 1);
        return chunks[chunk] ??= new();
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<int> Listed() => _many is int[] list ? list.AsSpan(0, _count) : new ReadOnlySpan<int>(in _only)[.._count];

    internal interface IVisitor
    {
        void Visit(int number);
    }
}
