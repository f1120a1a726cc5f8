using Yagura.Detectors.Rules;
using Yagura.Matching.Sigma;

namespace Yagura.Engine.State;

/// <summary>On which days a rule on trial was asked about records of its log: what its trial has seen.</summary>
/// <param name="Rule">Its name and version: a rule that finds something else begins its trial anew.</param>
/// <param name="Days">By UTC.</param>
public sealed record TrialDays(string Rule, IReadOnlyCollection<DateOnly> Days)
{
    /// <summary>Days kept of one trial, the newest ones; no trial takes as long.</summary>
    public const int MostDays = 400;

    /// <summary>Trials kept; what would be one more is counted and shown, and goes on for ever.</summary>
    public const int MostTrials = 10_000;

    public static string NameOf(RuleHeader rule) => $"{RuleFacts.NameOf(rule)} {rule.Version}";

    /// <summary>Adds a day and keeps the newest <see cref="MostDays"/>: the same set for any order of adding.</summary>
    internal static void Add(SortedSet<DateOnly> days, DateOnly day)
    {
        days.Add(day);
        if (days.Count > MostDays) days.Remove(days.Min);
    }
}
