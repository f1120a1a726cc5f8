using Yagura.Matching.Criteria.Facets;

namespace Yagura.Storage.Embedded.Index;

/// <summary>The facets of one finding, as numbers, while it is written.</summary>
internal sealed class FacetSet(FacetBook book) : IFacetSink
{
    private readonly List<int> _numbers = [];

    /// <summary>Facets that no finding had: they have to be stored before the finding is.</summary>
    public List<NewFacet> Added { get; } = [];

    public void Add(int field, ReadOnlySpan<char> text)
    {
        if (!IndexedFields.IsFacet(field)) return;
        if (!book.TryFind(field, text, out var facet))
        {
            var added = new NewFacet(field, text.ToString());
            facet = book.Add(added.Field, added.Text);
            Added.Add(added with { Number = facet });
        }
        _numbers.Add(facet);
    }

    /// <summary>Begins the next finding.</summary>
    public void Clear() => _numbers.Clear();

    /// <summary>In ascending order, without repeats.</summary>
    public int[] Numbers()
    {
        _numbers.Sort();
        var distinct = 0;
        for (var i = 0; i < _numbers.Count; i++)
        {
            if (i == 0 || _numbers[i] != _numbers[i - 1]) _numbers[distinct++] = _numbers[i];
        }
        return [.. _numbers[..distinct]];
    }

    internal readonly record struct NewFacet(int Field, string Text, int Number = 0);
}

/// <summary>Numbers in ascending order as bytes: each as the difference to the one before, seven bits a byte, the lowest first.</summary>
internal static class Packed
{
    public static byte[] Pack(ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = new byte[numbers.Length * 5];
        var (length, before) = (0, 0);
        foreach (var number in numbers)
        {
            var rest = (uint)(number - before);
            for (; rest > 127; rest >>= 7) bytes[length++] = (byte)(rest | 128);
            bytes[length++] = (byte)rest;
            before = number;
        }
        return bytes[..length].ToArray();
    }

    public static List<int> Unpack(ReadOnlySpan<byte> bytes)
    {
        var numbers = new List<int>(bytes.Length);
        var (before, rest, shift) = (0, 0, 0);
        foreach (var one in bytes)
        {
            rest |= (one & 127) << shift;
            shift += 7;
            if (one > 127) continue;
            numbers.Add(before += rest);
            (rest, shift) = (0, 0);
        }
        return numbers;
    }
}
