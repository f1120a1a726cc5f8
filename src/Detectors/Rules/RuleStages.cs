using Yagura.Matching.Sigma;

namespace Yagura.Detectors.Rules;

/// <summary>Rules on trial: a rule that its author calls experimental or a test is asked like any other, and what it finds is counted and held back until
/// its noise has stayed within its budget for long enough.</summary>
public static class RuleStages
{
    /// <summary>Days of logs that a trial takes at least; longer where the budget is for a longer time.</summary>
    public const int LeastDays = 7;

    /// <summary>True for a rule that begins on trial.</summary>
    public static bool IsStaged(RuleHeader header) => header.Status is SigmaStatus.Experimental or SigmaStatus.Test;

    /// <summary>What the trial of a rule showed.</summary>
    /// <param name="budget">Null where the rule names none: then it stays on trial.</param>
    /// <param name="days">On how many days, by UTC, the log of the rule had records since it reads as it does.</param>
    /// <param name="findings">When each finding of the rule began, with its account.</param>
    public static Trial Judge(NoiseBudget? budget, int days, IEnumerable<(string Account, DateTimeOffset Time)> findings)
    {
        var all = findings.ToList();
        if (budget is null) return new(Promoted: false, all.Count, "the rule names no noise budget");
        var most = all.GroupBy(finding => finding.Account, StringComparer.Ordinal).Select(account => Most([.. account.Select(finding => finding.Time).Order()], budget.Per)).DefaultIfEmpty(0).Max();
        if (most > budget.Findings) return new(Promoted: false, all.Count, $"{most} in one account, over the budget of {budget}");
        var needed = Math.Max(LeastDays, (int)budget.Per.TotalDays);
        return days < needed
            ? new(Promoted: false, all.Count, $"{days} of {needed} days with logs seen")
            : new(Promoted: true, all.Count, $"within the budget of {budget} on {days} days with logs");
    }

    /// <summary>Most times within any span of the given length.</summary>
    private static int Most(IReadOnlyList<DateTimeOffset> times, TimeSpan span)
    {
        var most = 0;
        for (int first = 0, last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= span) first++;
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }
}

/// <summary>How a rule did on trial.</summary>
/// <param name="Promoted">Its findings are reported like any other.</param>
/// <param name="Findings">It would have made, or made.</param>
/// <param name="Why">One clause, for people.</param>
public sealed record Trial(bool Promoted, int Findings, string Why);
