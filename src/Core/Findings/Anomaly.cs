namespace Yagura.Core.Findings;

/// <summary>What was seen, what it was held against (what was usual, or a fixed limit), and how that adds up to a score.</summary>
/// <param name="Score">The sum of the parts' scores.</param>
/// <param name="Threshold">The score from which a finding is made, at the time and for the account of this one.</param>
/// <param name="Unit">Of all scores: <c>bits</c> of surprise, <c>share</c> where 1 is the most, or of what was counted, such as <c>packets</c>.</param>
/// <param name="History">How much was known when it was judged; null where nothing is learnt.</param>
/// <param name="Quiet">What would make it quiet, a sentence each.</param>
public sealed record Anomaly(
    double Score, double Threshold, string Unit, LearningProgress? History, IReadOnlyList<ScorePart> Parts, IReadOnlyList<string> Quiet)
{
    /// <summary>What GuardDuty's own layout says beyond the score; null for types that have no such layout.</summary>
    public BehaviourProfile? Profile { get; init; }

    /// <summary>An amount that is held against a fixed limit.</summary>
    /// <param name="seen">The amount in words, with whom it concerns.</param>
    public static Anomaly OfAmount(string feature, string seen, double amount, double limit, string unit, params IReadOnlyList<string> quiet) =>
        new(amount, limit, unit, History: null, [new(feature, seen, amount, [])], quiet);
}

/// <summary>How far a baseline has come.</summary>
/// <param name="Entity">Whose baseline: a principal's ARN, an instance, a bucket.</param>
/// <param name="Days">Days with records of the entity among those before the one that is judged.</param>
/// <param name="Window">Days that are looked at, at most.</param>
/// <param name="Needed">Days from which the entity's own history decides; before that its peers, the account and the world do.</param>
/// <param name="Since">The first of the days; null where there is none.</param>
public sealed record LearningProgress(string Entity, int Days, int Window, int Needed, DateOnly? Since)
{
    public bool IsComplete => Days >= Needed;
}

/// <summary>One thing that was compared with what is usual, and what that adds to the score.</summary>
/// <param name="Feature">What was looked at, in words that read on after "the": <c>API</c>, <c>network</c>, <c>user agent</c>, <c>interval between connections</c>.</param>
/// <param name="Seen">The value that was seen.</param>
/// <param name="Score">What it adds; negative where it speaks against.</param>
/// <param name="Compared">From the closest to the widest: the entity, its peers, the account, the world.</param>
public sealed record ScorePart(string Feature, string Seen, double Score, IReadOnlyList<Comparison> Compared);

/// <summary>What was usual at one level.</summary>
/// <param name="Level"><c>userIdentity</c>, <c>peers</c>, <c>account</c>, <c>world</c>, <c>instance</c>, <c>bucket</c>.</param>
/// <param name="Whom">Which one: an ARN, an account, a role; for the world what the number rests on.</param>
/// <param name="DaysSeen">On how many days of the window the value was seen before; null where it is an amount, or nobody counted.</param>
/// <param name="Days">On how many days of the window there were records at all.</param>
/// <param name="FirstSeen">The first day in the window on which the value was seen.</param>
/// <param name="Usual">What amounts were usual; null where the value is a kind.</param>
public sealed record Comparison(string Level, string Whom, int? DaysSeen, int Days, DateOnly? FirstSeen, Quantiles? Usual = null);

/// <summary>How amounts were distributed.</summary>
/// <param name="Count">Of the amounts: days, intervals, connections.</param>
public sealed record Quantiles(long Count, double Median, double P90, double Most, string Unit);
