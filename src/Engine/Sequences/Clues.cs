using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Detectors.Signals;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;

namespace Yagura.Engine.Sequences;

/// <summary>Makes clues of what was found and of what is no finding by itself.</summary>
internal static class Clues
{
    private const int MostNamed = 5;

    /// <summary>What a finding tells of an attack; of a notice about a policy or a user's own type it has no tactic.</summary>
    /// <param name="finding">Neither suppressed nor archived.</param>
    public static Clue Of(Finding finding, FindingState state)
    {
        var detection = state.Latest!;
        var isPolicy = finding.Type.ThreatPurpose == "Policy";
        // To open a bucket to the world is a notice by itself and a step among others.
        Tactic? tactic = isPolicy && detection.Severity >= Severity.High && finding.Type.AffectedResource == "S3" ? Tactic.Exfiltration : Tactics.Of(finding.Type);
        FindingTypeCatalog.TryGet(finding.Type.Name, out var entry);
        // Whoever knocks from outside has compromised nothing yet.
        var isKnock = tactic is Tactic.Reconnaissance or Tactic.Discovery && finding.Type.AffectedResource == "EC2" && detection.Role == ResourceRole.Target;
        return new(
            finding.Id, SignalType.Finding, finding.Type.Name, tactic, entry?.Attack is [var technique, ..] ? technique : null, TextOf(detection), detection, finding.Service.Count, Occurrence.Of(state))
        {
            Finding = finding,
            IsStrong = tactic is not null && SeverityExtensions.ToLevel(finding.Severity) >= Severity.Medium && !isPolicy && !isKnock && finding.Type.ThreatPurpose != "Behavior" && !IsGuess(detection),
            IsAnomaly = entry?.Method == DetectionMethod.Anomaly,
            Cause = CauseOf(detection, isListed: entry?.Method == DetectionMethod.ThreatIntelligence),
            IsOfData = finding.Type.AffectedResource == "S3" && tactic?.Phase() == 2,
        };
    }

    /// <summary>What is told of an account that nobody knows, by no more than what the world does.</summary>
    private static bool IsGuess(Detection detection) => detection.Anomaly is { Profile: not null, Score: < Judgement.Floor };

    // What was out of the usual fills lines; a step names what was done, and its finding says the rest.
    private static string TextOf(Detection detection) => detection.Anomaly?.Profile is { } profile
        ? $"out of the usual: {string.Join(", ", profile.AnomalousApis.Select(api => api.Outcome == "success" ? api.Api : $"{api.Api} ({api.Outcome})").Take(MostNamed))}" : detection.Why;

    /// <summary>What calls tell that are no finding: those of a principal and API of all hours in which there were enough of them.</summary>
    public static IEnumerable<Clue> Of(IEnumerable<WeakSignal> hours)
    {
        foreach (var group in hours.Where(hour => hour.First is not null).GroupBy(hour => (hour.First!.AccountId, hour.First.Principal, hour.Service, hour.Api)))
        {
            if (SignalApis.Of(group.Key.Service!, group.Key.Api!) is not { } row) continue;
            var enough = group.Where(hour => hour.Seen.Occurrences.Count >= row.Least).OrderBy(hour => hour.Seen.FirstSeen).ThenBy(hour => hour.FirstRecord!.Identity).ToList();
            if (enough.Count == 0) continue;
            var inVain = enough.TrueForAll(hour => hour.First!.Action is AwsApiCallAction { ErrorCode: not null });
            yield return new(
                FindingKey.Hash("signal", group.Key.AccountId, group.Key.Principal!, group.Key.Service!, group.Key.Api!), row.IsOfData ? SignalType.S3DataEvents : SignalType.CloudTrail, row.Name,
                row.Tactic, row.Technique, row.What + (inVain ? ", in vain" : ""), enough[^1].First!, enough.Sum(hour => hour.Seen.Occurrences.Count),
                [.. enough.Select(hour => new Occurrence(hour.Seen.FirstSeen, hour.Seen.LastSeen, hour.Seen.Occurrences.Count, [.. hour.Seen.Evidence]))])
            {
                IsOfData = row.IsOfData,
            };
        }
    }

    /// <summary>The other end, where the finding says something of it: a listed caller, and whatever an instance has to do with one peer.</summary>
    private static string? CauseOf(Detection detection, bool isListed) => detection.Action switch
    {
        AwsApiCallAction call => isListed ? call.RemoteIp?.Address.ToString() ?? call.Domain : null,
        NetworkConnectionAction connection => connection.RemoteIp.Address.ToString(),
        PortProbeAction { Probes: [var probe, ..] } => probe.RemoteIp.Address.ToString(),
        DnsRequestAction dns => dns.DomainWithSuffix ?? dns.Domain,
        _ => null,
    };
}
