namespace Yagura.Intel;

/// <summary>Numbers the sets of lists that occur together, so that an entry holds one integer. Set 0 is empty.</summary>
/// <remarks>There are at most as many sets as entries, and in practice a few dozen.</remarks>
internal sealed class ListSets
{
    private readonly List<int[]> _sets = [[]];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<(int Set, int List, bool Adds), int> _steps = [];

    /// <summary>The lists of each set in ascending order, by the number of the set.</summary>
    public IReadOnlyList<int[]> All => _sets;

    public int With(int set, int list) => Step(set, list, adds: true);

    public int Without(int set, int list) => Step(set, list, adds: false);

    public int Union(int set, int other)
    {
        foreach (var list in _sets[other]) set = With(set, list);
        return set;
    }

    private int Step(int set, int list, bool adds)
    {
        if (_steps.TryGetValue((set, list, adds), out var known)) return known;
        var lists = _sets[set].Where(l => l != list).Concat(adds ? [list] : []).Order().ToArray();
        var key = string.Join(',', lists);
        if (!_numbers.TryGetValue(key, out var number))
        {
            number = _sets.Count;
            _sets.Add(lists);
            _numbers.Add(key, number);
        }
        _steps.Add((set, list, adds), number);
        return number;
    }
}
