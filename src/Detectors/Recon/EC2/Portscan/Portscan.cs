using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.Recon.EC2;

/// <summary>An instance tries many ports of one host, as one does to find out what runs there.</summary>
/// <remarks>
/// What a scan cannot avoid is that most ports do not answer: only tries that came to nothing count, and ports 80 and 443 do not, to which nearly everybody calls.
/// State: the ports of one remote address within a day.
/// Blind spots: fewer than <see cref="FewestPorts"/> ports a day, UDP, in formats without flags scans from a port below the ephemeral ones,
/// at ports among them, or with SYNs without options.
/// </remarks>
public sealed class Portscan : StatefulDetector<FlowRecord, FruitlessTries>
{
    /// <summary>Ports of one host within <see cref="Window"/>. The shortest common scan tries a hundred, the patient one of the recorded sample forty an hour; software that has many services of one host to look after gets answers.</summary>
    public const int FewestPorts = 50;

    private const ushort Http = 80, Https = 443;

    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    public override IReadOnlyList<TypeBinding> Types { get; } = [new("Recon:EC2/Portscan")];

    public override string Name => "port-scans";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<FruitlessTries> steps)
    {
        if (flow.DestinationPort is Http or Https || !FlowFacts.IsUnansweredTry(flow) || FlowFacts.InitiatorOf(flow, FlowSide.Destination) != Initiator.Local) return;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (entity.IsEmpty) return;
        var own = FlowFacts.OwnAddress(flow, knowledge.Inventory);
        if (own is not null && own != flow.Source) return;
        var tries = steps.Of(EntityKey.Of(flow.AccountId, entity, flow.Source, FlowFacts.DestinationOf(flow), port: 0, flow.Time, Window));
        tries.Own ??= own is { } known ? new OwnAddress(known) : steps.OwnAddress(flow);
        tries.AddPort(flow, steps.ObjectName);
    }

    public override IEnumerable<Decision> Decide(FruitlessTries state, Knowledge knowledge)
    {
        if (state.Tried!.Count < FewestPorts || state.Latest!.Flow.RemoteTo(state.Own!.Known) != FlowSide.Destination) return [];
        var about = state.Tried.IsEstimate ? "about " : "";
        var tried = $"{about}{state.Tried.Count} ports of {state.Latest.Flow.Remote(FlowSide.Destination)}";
        return
        [
            state.Decide(Types[0].Type, Severity.Medium, knowledge, $"the instance tried {tried} in vain within a day", Anomaly.OfAmount(
                "ports of one host tried in vain within a day", tried, state.Tried.Count, FewestPorts, "ports",
                $"fewer than {FewestPorts} ports of one host that do not answer, within a day",
                "a suppression rule for the instance, if it is to look for open ports")),
        ];
    }
}
