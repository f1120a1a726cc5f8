using Yagura.Core.Ports;
using Yagura.Matching.Criteria;

namespace Yagura.Storage.Embedded.Index;

/// <summary>All findings in memory as far as criteria, sorting and counting need them; SQLite has the rest. About 200 bytes for each finding.</summary>
/// <remarks>Readers share a lock that the writer takes for the moment in which it shows what is committed.</remarks>
internal sealed class FindingIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Bitmap _live = new();
    private readonly Stack<int> _free = [];
    private readonly long[][] _columns = [.. Enumerable.Range(0, FindingColumns.Number).Select(_ => new long[1024])];
    private UInt128[] _ids = new UInt128[1024];
    private int _used; // numbers below it are taken or free

    public FacetBook Facets { get; } = new(IndexedFields.Count);

    /// <summary>A number for a finding that is new. Only the writer calls.</summary>
    public int Take() => _free.TryPop(out var number) ? number : _used++;

    public void GiveBack(int number) => _free.Push(number);

    /// <summary>Shows changes to readers at once.</summary>
    public void Change(Action change)
    {
        _lock.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public T Read<T>(Func<T> read)
    {
        _lock.EnterReadLock();
        try
        {
            return read();
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Puts a finding in, or says anew what it is. Within <see cref="Change"/>, as all that follows up to the questions.</summary>
    public void Set(int number, UInt128 id, ReadOnlySpan<long> columns)
    {
        if (number >= _ids.Length)
        {
            var size = Math.Max(_ids.Length * 2, number + 1);
            Array.Resize(ref _ids, size);
            for (var i = 0; i < _columns.Length; i++) Array.Resize(ref _columns[i], size);
        }
        _live.Set(number);
        _ids[number] = id;
        for (var i = 0; i < columns.Length; i++) _columns[i][number] = columns[i];
        _used = Math.Max(_used, number + 1);
    }

    public void Has(int number, int facet) => Facets.Postings(facet).Add(number);

    public void HasNot(int number, int facet) => Facets.Postings(facet).Remove(number);

    /// <param name="facets">All that they have.</param>
    public void Remove(Bitmap numbers, IEnumerable<int> facets)
    {
        _live.AndNot(numbers);
        foreach (var number in numbers) _free.Push(number);
        foreach (var facet in facets) Facets.Postings(facet).Remove(numbers);
    }

    /// <summary>After loading: numbers that no finding has are free.</summary>
    public void FindFree()
    {
        for (var number = _used - 1; number >= 0; number--)
        {
            if (!_live.Has(number)) _free.Push(number);
        }
    }

    public Bitmap Live => _live;

    public UInt128 Id(int number) => _ids[number];

    public long[] Column(FindingColumn column) => _columns[(int)column];

    /// <summary>The findings that fulfil criteria, as far as the index can say it: all but conditions on what is <see cref="IndexedFields.IsInJsonOnly"/>. Within <see cref="Read"/>.</summary>
    public Bitmap Answer(FindingScope scope, FindingCriteria? criteria)
    {
        var matched = _live.Copy();
        if (scope.Accounts is { } accounts) matched.And(CriteriaAnswer.WithText(this, IndexedFields.Account, accounts));
        if (scope.Region is { } region) matched.And(CriteriaAnswer.WithText(this, IndexedFields.Region, [region]));
        if (criteria is null) return matched;
        foreach (var condition in criteria.Conditions.Where(condition => !IndexedFields.IsInJsonOnly(condition.Path)))
        {
            foreach (var test in condition.Tests) CriteriaAnswer.Narrow(this, matched, condition.Path, new(test));
        }
        return matched;
    }

    public void Dispose() => _lock.Dispose();
}
