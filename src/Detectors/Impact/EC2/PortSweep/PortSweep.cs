using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>An instance tries one port of many public addresses, as one does to find the next victims.</summary>
/// <remarks>
/// What a sweep cannot avoid is that most addresses do not answer. A crawler or a mail relay meets dead hosts too, but talks with many more; and
/// the end of a long connection, cut at the minute, looks like a try. So addresses with which content was exchanged do not count, and must be the fewer.
/// State: the tried addresses for an interface, port and day, 1,024 exactly, and a sample of those that answered.
/// Blind spots: fewer than <see cref="FewestHosts"/> a day, UDP, private addresses, hosts that nearly all answer; in formats without flags sweeps from a port below the ephemeral ones or with SYNs without options.
/// </remarks>
public sealed class PortSweep : StatefulDetector<FlowRecord, FruitlessTries>
{
    /// <summary>Addresses a day. An instance that calls a hundred dead hosts and few live ones has made its addresses up.</summary>
    public const int FewestHosts = 100;

    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    public override IReadOnlyList<TypeBinding> Types { get; } = [new("Impact:EC2/PortSweep")];

    public override string Name => "port-sweeps";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<FruitlessTries> steps)
    {
        if (flow.Protocol != FlowFacts.Tcp || flow.Direction == FlowDirection.Ingress || FlowFacts.InitiatorOf(flow, FlowSide.Destination) != Initiator.Local) return;
        var remote = FlowFacts.DestinationOf(flow);
        if (!remote.IsPublic) return;
        var inVain = FlowFacts.IsUnansweredTry(flow);
        if (!inVain && !(FlowFacts.HasContent(flow) && FruitlessTries.IsSampled(remote))) return;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (entity.IsEmpty) return;
        var own = FlowFacts.OwnAddress(flow, knowledge.Inventory);
        if (own is not null && own != flow.Source) return;
        var tries = steps.Of(EntityKey.Of(flow.AccountId, entity, flow.Source, IpAddress.None, flow.DestinationPort, flow.Time, Window));
        if (!inVain)
        {
            tries.AddAnswered(remote);
            return;
        }
        tries.Own ??= own is { } known ? new OwnAddress(known) : steps.OwnAddress(flow);
        tries.AddHost(flow, remote, steps.ObjectName);
    }

    public override IEnumerable<Decision> Decide(FruitlessTries state, Knowledge knowledge)
    {
        var hosts = state.Unanswered;
        if (hosts < FewestHosts || state.Answered?.Count > hosts || state.Latest!.Flow.RemoteTo(state.Own!.Known) != FlowSide.Destination) return [];
        var about = state.Tried!.IsEstimate || state.Answered is not null ? "about " : "";
        var tried = $"port {state.Latest.Flow.DestinationPort} of {about}{hosts} public addresses";
        return
        [
            state.Decide(Types[0].Type, Severity.High, knowledge, $"the instance tried {tried} in vain within a day", Anomaly.OfAmount(
                "public addresses tried in vain at one port within a day", tried, hosts, FewestHosts, "addresses",
                $"fewer than {FewestHosts} public addresses that do not answer at one port, within a day",
                "content exchanged with more addresses at that port than do not answer",
                "a suppression rule for the instance, if it is to look for open ports")),
        ];
    }
}
