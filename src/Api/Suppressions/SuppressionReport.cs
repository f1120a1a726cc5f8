using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Health;
using Yagura.Engine.Suppressions;

namespace Yagura.Api.Suppressions;

/// <summary>A rule with what it did.</summary>
/// <param name="Tally">Null where it has not met anything yet.</param>
/// <param name="Changes">Why somebody should look at it again; empty for most.</param>
public sealed record ReportedSuppression(SuppressionRule Rule, SuppressionState State, SuppressionTally? Tally, IReadOnlyList<PatternChange> Changes);

/// <summary>Tells what the rules did, and what is wrong with them.</summary>
public sealed class SuppressionReport(SuppressionRules rules, ISuppressionHits hits, TimeProvider time)
{
    /// <summary>How long after it an expiry is still news.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(30);

    /// <inheritdoc cref="SuppressionRules.List"/>
    public async Task<IReadOnlyList<ReportedSuppression>> List(string? account, string? region, CancellationToken cancel = default)
    {
        var tallies = (await hits.Tallies(cancel)).ToDictionary(tally => tally.Rule);
        var reported = new List<ReportedSuppression>();
        foreach (var rule in await rules.List(account, region, cancel)) reported.Add(await Report(rule, tallies.GetValueOrDefault(rule.Key), cancel));
        return reported;
    }

    /// <inheritdoc cref="SuppressionRules.Get"/>
    public async Task<ReportedSuppression?> Get(string account, string region, string name, CancellationToken cancel = default) =>
        await rules.Get(account, region, name, cancel) is { } rule
            ? await Report(rule, (await hits.Tallies(cancel)).FirstOrDefault(tally => tally.Rule == rule.Key), cancel) : null;

    /// <summary>Rules that have expired, and rules that hide what they did not hide before.</summary>
    public async Task<IReadOnlyList<HealthProblem>> Problems(CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        return [.. (await List(null, null, cancel)).SelectMany(one => one.Changes.Select(change => Changed(one.Rule, change)).Concat(Expired(one.Rule, now)))];
    }

    private async Task<ReportedSuppression> Report(SuppressionRule rule, SuppressionTally? tally, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return new(rule, rule.StateAt(now), tally, tally is null ? [] : PatternChange.Judge(await hits.Pattern(rule.Key, cancel), rule.Reviewed, now));
    }

    private static HealthProblem Changed(SuppressionRule rule, PatternChange change) => new(
        HealthTypes.SuppressionChanged, change.Gravest >= Severity.High ? Severity.High : Severity.Medium, StreamOf(rule), $"{rule.Key.Name}\n{change.Kind}", change.First, change.Count,
        $"{rule.Key.Name}: {change.Why}", [rule.Key.Name])
    { Last = change.Last };

    private static IEnumerable<HealthProblem> Expired(SuppressionRule rule, DateTimeOffset now)
    {
        if (rule.StateAt(now) != SuppressionState.Expired || now - rule.Expires > News) yield break;
        yield return new(HealthTypes.SuppressionExpired, Severity.Low, StreamOf(rule), $"{rule.Key.Name}\n{FindingJson.Iso(rule.Expires)}", rule.Expires, 1,
            $"{rule.Key.Name} of {rule.Owner} has expired; it was there because of this: {rule.Reason}", [rule.Key.Name])
        { Last = rule.Expires };
    }

    private static StreamKey StreamOf(SuppressionRule rule) => new("", rule.Key.Account, rule.Key.Region, "");
}
