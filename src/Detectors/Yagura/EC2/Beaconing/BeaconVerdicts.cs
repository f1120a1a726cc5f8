namespace Yagura.Detectors.Yagura.EC2;

/// <summary>The beacons among the pairs of a table, and which pairs changed since they were judged.</summary>
internal sealed class BeaconVerdicts
{
    private readonly HashSet<int> _changed = [];
    private readonly SortedDictionary<int, Decision> _beacons = [];

    public bool Has(int row) => _beacons.ContainsKey(row);

    public void Touch(int row) => _changed.Add(row);

    /// <summary>Rows have other numbers now.</summary>
    public void Forget()
    {
        _changed.Clear();
        _beacons.Clear();
    }

    /// <summary>All beacons, after the changed rows were judged anew.</summary>
    public IReadOnlyCollection<Decision> After(Func<int, Decision?> judge)
    {
        foreach (var row in _changed)
        {
            if (judge(row) is { } decision) _beacons[row] = decision;
            else _beacons.Remove(row);
        }
        _changed.Clear();
        return _beacons.Values;
    }
}
