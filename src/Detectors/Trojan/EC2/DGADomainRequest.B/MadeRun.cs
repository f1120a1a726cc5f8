namespace Yagura.Detectors.Trojan.EC2;

/// <summary>The stretch of a window in which the domains asked for in vain look made most, all of them together.</summary>
/// <remarks>Each domain adds the bits by which it rather is made than chosen and takes away the bits by which it rather is chosen; the run with the greatest sum is taken, as in
/// Page's cumulative sum test ("Continuous inspection schemes", 1954). Typing errors and dead links have a sum that stays small, however many there are.</remarks>
/// <param name="Bits">The sum.</param>
/// <param name="Domains">Domains of the run.</param>
/// <param name="Made">Those that look made.</param>
/// <param name="Length">Characters of their labels, on average.</param>
public readonly record struct MadeRun(double Bits, int Domains, int Made, double Length, DateTimeOffset First, DateTimeOffset Last)
{
    public static MadeRun Of(Sample<AskedDomain> failed)
    {
        var domains = failed.Things.OrderBy(domain => domain.First).ThenBy(domain => domain.Number).ToList();
        int sum = 0, start = 0, best = 0, from = 0, to = 0;
        for (var i = 0; i < domains.Count; i++)
        {
            if (sum <= 0) (sum, start) = (0, i);
            sum += domains[i].Made;
            if (sum > best) (best, from, to) = (sum, start, i + 1);
        }
        if (best == 0) return default;
        var run = domains[from..to];
        var made = run.FindAll(domain => domain.Made > 0);
        return new((double)best / AskedDomain.Unit, run.Count, made.Count, made.Average(domain => domain.Length), At(run[0].First), At(run.Max(domain => domain.Last)));
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
