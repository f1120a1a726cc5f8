using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>An instance exchanges traffic with an address on a threat list.</summary>
/// <remarks>
/// The outbound types need the instance to be the one that calls, or at least not to be the one that is called: listed addresses knock on
/// everybody's door, and a knock says nothing about the instance. A refused attempt of the instance itself counts and is marked blocked; a packet
/// from outside that was refused never reached the instance and counts for nothing, be it a knock, a late answer or an echo of a forged sender. Where the record does not tell who began, an accepted flow that may be a knock and its
/// answer says nothing either.
/// Blind spots: in formats without tcp-flags, malware that binds a server's port (443) and calls a client's port (50000): it looks exactly like a
/// web server that a listed address visits, which is a thousand times more common; a peer behind a name that resolves elsewhere tomorrow, traffic through a proxy or NAT whose flow log lacks
/// <c>pkt-dstaddr</c>, IPv6 where lists hold none.
/// </remarks>
public sealed class ListedPeer(IReadOnlyList<ListedPeerType> types) : Detector<FlowRecord>
{
    private readonly ThreatCategory _categories = types.Aggregate(ThreatCategory.None, (all, type) => all | type.Categories);

    public override IReadOnlyList<TypeBinding> Types => types;

    public override bool ListedEndsOnly => true;

    public override void Detect(FlowRecord flow, Knowledge knowledge, IDetections found)
    {
        if ((knowledge.Intel.AddressCategories & _categories) == ThreatCategory.None) return;
        var match = FlowFacts.ListedSide(flow, knowledge.Intel, _categories, out var side);
        if (!match.IsNothing) Detect(flow, side, match, knowledge, found);
    }

    private void Detect(FlowRecord flow, FlowSide side, ThreatMatch match, Knowledge knowledge, IDetections found)
    {
        var refused = flow.Action == FlowAction.Reject;
        if (refused && side == FlowSide.Source) return;
        var initiator = FlowFacts.InitiatorOf(flow, side);
        var inbound = initiator == Initiator.Remote;
        foreach (var type in types)
        {
            if (!match.Has(type.Categories)) continue;
            if (inbound && (!type.Inbound || flow.Action != FlowAction.Accept)) continue;
            if (!type.Inbound && initiator == Initiator.Unknown && FlowFacts.MayBeKnock(flow, side)) continue;
            var evidence = ApiCallFacts.Evidence(match, type.Categories);
            var names = string.Join(", ", evidence.Select(list => list.ThreatListName));
            var remote = FlowFacts.Remote(flow, side);
            var why = inbound ? $"{remote}, which is on the threat list {names}, connected in"
                : $"the instance {(refused ? "tried to reach" : "exchanged traffic with")} {remote}, which is on the threat list {names}";
            found.Add(FlowFacts.Detection(flow, side, initiator, type.Type, type.Severity, knowledge, why) with
            {
                ThreatIntelligence = evidence,
                AdditionalInfo = [new("threatListName", names)],
            });
        }
    }
}

/// <param name="Inbound">True for the type that also counts connections that the listed address opened and the instance accepted.</param>
public sealed record ListedPeerType(FindingType Type, ThreatCategory Categories, bool Inbound, Severity Severity) : TypeBinding(Type)
{
    public override string? Off(Knowledge knowledge) => (knowledge.Intel.AddressCategories & Categories) == ThreatCategory.None ? "no list" : null;
}
