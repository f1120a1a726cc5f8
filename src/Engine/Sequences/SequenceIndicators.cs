using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Engine.Sequences;

/// <summary>What a clue shows, in the model's words.</summary>
internal static class SequenceIndicators
{
    public static IReadOnlyList<Indicator> Of(Clue clue)
    {
        var indicators = new List<Indicator>();
        if (clue.Tactic is { } tactic) indicators.Add(new("ATTACK_TACTIC", [tactic.Name()]));
        if (clue.Technique is { } technique) indicators.Add(new("ATTACK_TECHNIQUE", [technique]));
        var action = clue.Detection.Action;
        // What was found says by itself what is wrong with it; of a call that is no finding the call is all there is.
        if (clue.Finding is null && action is AwsApiCallAction api && clue.Name == api.Api) indicators.Add(new("HIGH_RISK_API", [$"{api.ServiceName.Split('.')[0]}:{api.Api}"]));
        if (clue.Finding is null) return indicators;
        var family = clue.Name;
        bool Is(string word) => family.Contains(word, StringComparison.Ordinal);
        if (clue is { Cause: { } cause, Detection.ThreatIntelligence.Count: > 0 })
        {
            var isName = action is DnsRequestAction;
            indicators.Add(new(
                Is("Tor") ? "TOR_IP" : (Is("Bitcoin"), isName) switch { (true, true) => "CRYPTOMINING_DOMAIN", (true, false) => "CRYPTOMINING_IP", (false, true) => "MALICIOUS_DOMAIN", (false, false) => "MALICIOUS_IP" },
                [cause]));
        }
        if (Is("PenTest:") && action is AwsApiCallAction { UserAgent: { Length: > 0 } agent }) indicators.Add(new("SUSPICIOUS_USER_AGENT", [agent]));
        if (clue.IsAnomaly && action is AwsApiCallAction call && Unusual(clue.Finding, "API") is not null) indicators.Add(new("UNUSUAL_API_FOR_ACCOUNT", [$"{call.ServiceName.Split('.')[0]}:{call.Api}"]));
        if (clue.IsAnomaly && Unusual(clue.Finding, "network") is { } network) indicators.Add(new("UNUSUAL_ASN_FOR_USER", [network]));
        return indicators;
    }

    /// <summary>All of them, each key once.</summary>
    public static IReadOnlyList<Indicator> Sum(IEnumerable<Indicator> indicators) =>
    [
        .. indicators.GroupBy(indicator => indicator.Key, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Indicator(group.Key, [.. group.SelectMany(indicator => indicator.Values).Distinct(StringComparer.Ordinal).Take(AttackSequence.MostValues)])),
    ];

    private static string? Unusual(Finding finding, string feature) => finding.Explanation.Anomaly?.Parts.FirstOrDefault(part => part.Feature == feature && part.Score > 0)?.Seen;
}
