using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>An instance exchanges traffic with an address on a threat list.</summary>
/// <remarks>
/// The outbound types need the instance to be the one that calls, or at least not to be the one that is called: listed addresses knock on
/// everybody's door, and a knock says nothing about the instance. A refused attempt of the instance itself counts and is marked blocked.
/// Blind spots: a peer behind a name that resolves elsewhere tomorrow, traffic through a proxy or NAT whose flow log lacks
/// <c>pkt-dstaddr</c>, IPv6 where lists hold none.
/// </remarks>
public sealed class ListedPeer(IReadOnlyList<ListedPeerType> types) : Detector<FlowRecord>
{
    public override IReadOnlyList<TypeBinding> Types => types;

    public override void Detect(FlowRecord flow, Knowledge knowledge, IDetections found)
    {
        var match = FlowFacts.ListedSide(flow, knowledge.Intel, out var side);
        if (match.IsNothing) return;
        var initiator = FlowFacts.InitiatorOf(flow, side);
        foreach (var type in types)
        {
            if ((type.Categories & match.Categories) == ThreatCategory.None) continue;
            var inbound = initiator == Initiator.Remote;
            if (inbound && (!type.Inbound || flow.Action != FlowAction.Accept)) continue;
            var remote = FlowFacts.Remote(flow, side);
            var why = inbound
                ? $"{remote} connected in, which is on the threat list {ListNames(match, type.Categories)}"
                : $"the instance {(flow.Action == FlowAction.Reject ? "tried to reach" : "exchanged traffic with")} {remote}, which is on the threat list {ListNames(match, type.Categories)}";
            found.Add(FlowFacts.Detection(flow, side, initiator, type.Type, type.Severity, knowledge, why) with
            {
                ThreatIntelligence = ApiCallFacts.Evidence(match, type.Categories),
                AdditionalInfo = [new("threatListName", ListNames(match, type.Categories))],
            });
        }
    }

    private static string ListNames(ThreatMatch match, ThreatCategory categories) =>
        string.Join(", ", match.Lists.Where(l => (l.Category & categories) != ThreatCategory.None).Select(l => l.Name));
}

/// <param name="Inbound">True for the type that also counts connections that the listed address opened and the instance accepted.</param>
public sealed record ListedPeerType(FindingType Type, ThreatCategory Categories, bool Inbound, Severity Severity) : TypeBinding(Type)
{
    public override string? Off(Knowledge knowledge) => (knowledge.Intel.AddressCategories & Categories) == ThreatCategory.None ? "no list" : null;
}
