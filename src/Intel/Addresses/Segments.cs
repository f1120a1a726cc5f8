using Yagura.Core;

namespace Yagura.Intel;

/// <summary>The whole address space cut where the set of lists changes: segment <c>i</c> reaches from its start to the next one's.</summary>
/// <remarks>IPv4 lies in it as <c>::ffff:0:0/96</c>. The first segment starts at zero; a set of 0 says that no list holds the addresses.</remarks>
internal sealed class Segments(IpAddress[] starts, int[] sets)
{
    public IpAddress[] Starts => starts;
    public int[] Sets => sets;

    /// <summary>Bytes that the structure holds on the heap.</summary>
    public long Bytes => starts.Length * 20L;

    /// <summary>The set of an address, by binary search.</summary>
    public int Find(IpAddress address) => sets[IndexOf(address)];

    /// <summary>The segment that holds an address.</summary>
    public int IndexOf(IpAddress address)
    {
        var at = Array.BinarySearch(starts, address);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>The same for IPv6 alone, for whoever keeps IPv4 elsewhere; no entry reaches from one family into the other.</summary>
    public Segments WithoutV4()
    {
        var kept = Enumerable.Range(0, starts.Length).Where(i => !starts[i].IsV4).ToArray();
        return new(kept.Select(i => starts[i]).ToArray(), kept.Select(i => sets[i]).ToArray());
    }

    /// <summary>Overlays the ranges of all lists. Ranges of one list may overlap, repeat and come in any order.</summary>
    public static Segments Overlay(IReadOnlyList<IReadOnlyList<AddressRange>> lists, ListSets setNumbers)
    {
        var edges = new List<Edge>();
        for (var list = 0; list < lists.Count; list++) AddEdges(edges, Merge(lists[list]), list);
        edges.Sort(Edge.InOrder);

        List<IpAddress> starts = [IpAddress.None];
        List<int> sets = [0];
        var set = 0;
        for (var i = 0; i < edges.Count; i++)
        {
            set = edges[i].Opens ? setNumbers.With(set, edges[i].List) : setNumbers.Without(set, edges[i].List);
            if (i + 1 < edges.Count && edges[i + 1].At == edges[i].At) continue;
            if (edges[i].At == starts[^1]) sets[^1] = set;
            else if (set != sets[^1])
            {
                starts.Add(edges[i].At);
                sets.Add(set);
            }
        }
        return new(starts.ToArray(), sets.ToArray());
    }

    /// <summary>Sorted, disjoint ranges over the same addresses, so that a list opens at most once at any place.</summary>
    private static IEnumerable<AddressRange> Merge(IReadOnlyList<AddressRange> ranges)
    {
        if (ranges.Count == 0) yield break;
        var sorted = ranges.ToArray();
        Array.Sort(sorted, static (a, b) => a.First.CompareTo(b.First));
        var open = sorted[0];
        for (var i = 1; i < sorted.Length; i++)
        {
            var range = sorted[i];
            if (range.First <= open.Last)
            {
                if (range.Last > open.Last) open = open with { Last = range.Last };
                continue;
            }
            yield return open;
            open = range;
        }
        yield return open;
    }

    private static void AddEdges(List<Edge> edges, IEnumerable<AddressRange> ranges, int list)
    {
        foreach (var range in ranges)
        {
            edges.Add(new(range.First, list, Opens: true));
            var last = AddressRange.Wide(range.Last);
            if (last != UInt128.MaxValue) edges.Add(new(AddressRange.Narrow(last + 1), list, Opens: false));
        }
    }

    private readonly record struct Edge(IpAddress At, int List, bool Opens)
    {
        // Of one list a range may close where the next opens: the close comes first, so that the opening one stands.
        public static int InOrder(Edge left, Edge right)
        {
            var order = left.At.CompareTo(right.At);
            return order != 0 ? order : left.Opens.CompareTo(right.Opens);
        }
    }
}
