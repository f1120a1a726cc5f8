using Yagura.Api.GuardDuty;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;
using Yagura.Matching;

namespace Yagura.Api.Suppressions;

/// <summary>Applies the rules that the settings hold at the moment, whoever changed them, this process or another one.</summary>
public sealed class Suppressor(IDocumentStore documents, TimeProvider time) : ISuppression
{
    private readonly SuppressionRules _rules = new(documents, time);
    private Known? _known;

    public async Task<SuppressedFindings> Apply(IReadOnlyList<Finding> findings, CancellationToken cancel = default)
    {
        var set = await Current(cancel);
        var (now, buffer) = (time.GetUtcNow(), new MatchBuffer());
        var (shown, hits) = (new List<Finding>(findings.Count), new List<SuppressionHit>());
        foreach (var finding in findings)
        {
            if (finding.Service.Archived)
            {
                shown.Add(finding);
                continue;
            }
            var (hiddenBy, shadows) = set.For(finding, now, buffer);
            shown.Add(hiddenBy is null ? finding : finding with { Service = finding.Service with { Archived = true } });
            if (hiddenBy is not null) hits.Add(new(hiddenBy.Key, finding.Id, false, now));
            hits.AddRange(shadows.Select(shadow => new SuppressionHit(shadow.Key, finding.Id, true, now)));
        }
        return new(shown, hits);
    }

    private async Task<SuppressionSet> Current(CancellationToken cancel)
    {
        // First the stamps: what changes while the rest is read is seen the next time.
        var stamps = (await documents.Stamp(Kinds.Filter.Name, cancel), await documents.Stamp(Kinds.Member.Name, cancel));
        if (_known is { } known && known.Stamps == stamps) return known.Set;
        var set = new SuppressionSet(await _rules.List(null, null, cancel), await _rules.Members(cancel));
        _known = new(stamps, set);
        return set;
    }

    private sealed record Known((DocumentStamp Filters, DocumentStamp Members) Stamps, SuppressionSet Set);
}
