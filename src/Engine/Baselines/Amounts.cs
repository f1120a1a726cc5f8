namespace Yagura.Engine.Baselines;

/// <summary>Something that is counted each day.</summary>
/// <param name="Level">Whose amount it is: <c>userIdentity</c> or <c>bucket</c>.</param>
/// <param name="Harmless">Up to this nothing is made of it, whatever was usual.</param>
internal sealed record Counted(string Level, string Account, string Whom, string What, double Harmless)
{
    public ulong Subject { get; } = Named.Subject(Level, Account, Whom);

    /// <summary>The habit of reaching a power of two.</summary>
    public uint Feature(int power) => Named.Amount(What, power);

    /// <summary>What is counted of an act.</summary>
    public static IEnumerable<Counted> Of(Act act)
    {
        if (act.IsDenied) yield return act.Actor.Refused;
        var (account, principal) = (act.Actor.Account, act.Actor.Principal);
        var type = act.Api.Family.Type;
        if (act.Bucket.Length > 0)
        {
            var what = type switch
            {
                "Exfiltration:S3/AnomalousBehavior" => "reads of objects",
                "Impact:S3/AnomalousBehavior.Delete" => "deletions of objects",
                "Impact:S3/AnomalousBehavior.Write" => "writes of objects",
                "Impact:S3/AnomalousBehavior.Permission" => "changes of permissions",
                _ => "looks at the content",
            };
            yield return new("userIdentity", account, principal, $"{what} of {act.Bucket}", 32);
            yield return new("userIdentity", account, principal, what, 32);
            yield return new("bucket", "", act.Bucket, what, 32);
        }
        else if (!act.IsDiscovery) yield return new("userIdentity", account, principal, $"calls of {act.Api.Text}", 16);
    }
}

/// <summary>How often something was done on each day.</summary>
/// <remarks>What a day reached becomes habits of its subject, one for each power of two, so that the amounts of earlier days are remembered with everything else that is usual.</remarks>
internal sealed class Amounts
{
    /// <summary>Days counted, of all subjects; what would be one more is not counted, and that is told.</summary>
    public const int MostDays = 500_000;

    /// <summary>Powers of two that are told apart.</summary>
    public const int Powers = 24;

    private readonly Dictionary<(ulong Subject, uint What, int Day), DistinctSketch> _days = [];

    public long Refused { get; private set; }

    public int Add(Counted counted, Act act)
    {
        var key = (counted.Subject, counted.Feature(0), act.Day);
        if (!_days.TryGetValue(key, out var sketch))
        {
            if (_days.Count >= MostDays)
            {
                Refused++;
                return -1;
            }
            _days.Add(key, sketch = new());
        }
        act.CountInto(sketch);
        return PowerOf(sketch.Estimate());
    }

    public double Of(Counted counted, int day) => _days.TryGetValue((counted.Subject, counted.Feature(0), day), out var sketch) ? sketch.Estimate() : 0;

    public int Count => _days.Count;

    public IEnumerable<(ulong Subject, uint What, int Day, DistinctSketch Sketch)> All => _days.Select(day => (day.Key.Subject, day.Key.What, day.Key.Day, day.Value));

    public void Merge(Amounts other)
    {
        foreach (var (key, sketch) in other._days)
        {
            if (_days.TryGetValue(key, out var own)) own.Merge(sketch);
            else if (_days.Count < MostDays) _days.Add(key, sketch);
            else Refused++;
        }
    }

    public void Restore(ulong subject, uint what, int day, byte[] registers) => _days[(subject, what, day)] = DistinctSketch.Of(registers);

    /// <summary>The greatest power of two that an amount reaches; -1 for none.</summary>
    public static int PowerOf(double amount) => amount < 1 ? -1 : Math.Min((int)Math.Log2(amount), Powers - 1);

    public void Forget(int before)
    {
        foreach (var key in _days.Keys.Where(key => key.Day < before).ToList()) _days.Remove(key);
    }
}
