using System.Runtime.InteropServices;

namespace Yagura.Detectors;

/// <summary>Rows in the order in which they came. Only the first page begins small and grows, so that hardly anything is copied or lies unused.</summary>
/// <param name="pageBits">Rows of a page, as the power of two.</param>
internal sealed class Pages<T>(int pageBits) where T : unmanaged
{
    private const int Fewest = 16;

    private T[][] _pages = [[]];
    private int _used = 1;

    private int PageRows => 1 << pageBits;

    public int Count { get; private set; }

    public ref T this[int row] => ref _pages[row >> pageBits][row & ((1 << pageBits) - 1)];

    public int Add(in T row)
    {
        var place = Count & (PageRows - 1);
        if (place == 0 && Count > 0) Begin();
        ref var page = ref _pages[Count >> pageBits];
        if (place == page.Length) Array.Resize(ref page, Math.Min(PageRows, Math.Max(Fewest, 2 * place)));
        page[place] = row;
        return Count++;
    }

    private void Begin()
    {
        var number = Count >> pageBits;
        if (number == _pages.Length) Array.Resize(ref _pages, 2 * number);
        // A page that was cut off before is used again.
        if (number == _used) _pages[_used++] = GC.AllocateUninitializedArray<T>(PageRows);
    }

    /// <summary>Leaves out all rows from this one on.</summary>
    public void Cut(int count) => Count = count;

    /// <summary>The rows of a page.</summary>
    public ReadOnlySpan<T> Page(int number) => _pages[number].AsSpan(0, Math.Min(PageRows, Count - number * PageRows));

    public int PageCount => (Count + PageRows - 1) >> pageBits;

    /// <summary>The rows as they lie in memory, in pages.</summary>
    public IReadOnlyList<byte[]> ToBytes() => [.. Enumerable.Range(0, PageCount).Select(page => MemoryMarshal.AsBytes(Page(page)).ToArray())];
}
