using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>An instance passes traffic on for the Tor network: relays connect to one of its ports, and it connects to other relays.</summary>
/// <remarks>
/// A client only calls relays, and a web site that Tor users visit is only called; both at once on one day, several addresses each way, is a relay.
/// State: at most <see cref="TorContacts.MostPorts"/> ports of <see cref="TorContacts.MostRelays"/> addresses for an interface and a day.
/// Blind spots: a bridge (its clients are on no list), formats without an interface and without an instance, fewer than
/// <see cref="FewestRelays"/> peers a day.
/// </remarks>
public sealed class TorRelay : StatefulDetector<FlowRecord, TorContacts>
{
    /// <summary>Distinct relays each way from which on it is one; a scan by a relay's owner or a stray client does not reach it.</summary>
    public const int FewestRelays = 3;

    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private static readonly ListedPeerType Type =
        new(new("UnauthorizedAccess:EC2/TorRelay"), ThreatCategory.TorRelay, Inbound: true, Severity.High);

    public override IReadOnlyList<TypeBinding> Types { get; } = [Type];

    public override string Name => "tor-contacts";

    public override bool ListedEndsOnly => true;

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<TorContacts> steps)
    {
        if ((knowledge.Intel.AddressCategories & Type.Categories) == ThreatCategory.None || flow is not { Action: FlowAction.Accept, Protocol: FlowFacts.Tcp }) return;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (entity.IsEmpty) return;
        var match = FlowFacts.ListedSide(flow, knowledge.Intel, Type.Categories, out var side);
        if (match.IsNothing) return;
        var initiator = FlowFacts.InitiatorOf(flow, side);
        if (initiator == Initiator.Unknown) return;
        var contacts = steps.Of(EntityKey.Of(flow.AccountId, entity, flow.Time, Window));
        contacts.Add(initiator == Initiator.Remote ? FlowFacts.LocalPort(flow, side) : TorContacts.Outbound, FlowFacts.Remote(flow, side));
        var evidence = ApiCallFacts.Evidence(match, Type.Categories);
        var detection = FlowFacts.Detection(flow, side, initiator, Type.Type, Type.Severity, knowledge, why: "") with
        {
            Role = ResourceRole.Actor,
            ThreatIntelligence = evidence,
            AdditionalInfo = [new("threatListName", string.Join(", ", evidence.Select(list => list.ThreatListName)))],
        };
        contacts.Seen.Add(flow, steps.ObjectName, detection, FlowFacts.Summary, flow.End);
    }

    public override IEnumerable<Decision> Decide(TorContacts state, Knowledge knowledge)
    {
        var called = state.Relays(TorContacts.Outbound);
        if (called < FewestRelays || state.Busiest is not { Relays: >= FewestRelays } port) yield break;
        var why = $"{AtLeast(port.Relays)} Tor relays connected to port {port.Port} of the instance and it connected to {AtLeast(called)}";
        var detection = state.Seen.Latest! with { Why = why };
        var seen = new FindingState();
        seen.Merge(state.Seen);
        seen.Offer(detection, state.Seen.LatestRecord!);
        yield return new(detection, seen);
    }

    private static string AtLeast(int relays) => relays < TorContacts.MostRelays ? $"{relays}" : $"at least {relays}";
}
