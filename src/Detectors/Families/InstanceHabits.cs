using Yagura.Detectors.Backdoor.EC2;
using Yagura.Detectors.Behavior.EC2;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>An instance does what it has not done before: sends mail, uses a server port, sends very much to one host.</summary>
/// <remarks>
/// One state for an interface, so that it is looked up once for all that is learnt of it, and only for records that tell something. That there were records on a day is learnt from
/// one in <see cref="ActiveOneIn"/>, drawn by lot: a day with a handful of them may be missed.
/// State: some hundred bytes for an interface that only answers; a kilobyte or two for each port that it uses as a client and each day of mail; for one that sends many gigabytes a day to public hosts some hundred KB.
/// What a day was judged by is remembered for <see cref="DaySet.Width"/> days, so a finding stands until three months later; of what was sent two windows, so until five weeks later.
/// Blind spots: interfaces without a private IPv4 address in formats without a direction; see also the guides of the types.
/// </remarks>
public sealed class InstanceHabits : StatefulDetector<FlowRecord, Habits>
{
    private const ulong ActiveOneIn = 8;

    public override IReadOnlyList<TypeBinding> Types { get; } = [Spambot.Type, NetworkPortUnusual.Type, TrafficVolumeUnusual.Type];

    public override string Name => "instance-habits";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<Habits> steps)
    {
        var lot = flow.Lot;
        var use = UsedPorts.UseOf(flow);
        var isSampled = BytesSent.Keeps(lot, flow);
        if (use == PortUse.None && !isSampled && lot % ActiveOneIn != 0) return;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (entity.IsEmpty) return;

        var habits = steps.Of(EntityKey.Of(flow.AccountId, entity));
        habits.AddDay(flow.Time);
        if ((use == PortUse.None && !isSampled) || FlowFacts.OwnAddress(flow, knowledge.Inventory) != flow.Source) return;
        if (use == PortUse.Mail) habits.MailToFill.Add(flow, steps.ObjectName);
        if (use == PortUse.Other) habits.PortsToFill.Add(flow, steps.ObjectName);
        if (isSampled) habits.SentToFill.Of(flow.Time).Add(flow, lot, steps.ObjectName);
    }

    public override IEnumerable<Decision> Decide(Habits state, Knowledge knowledge) =>
        new[] { Spambot.Judge(state, knowledge), NetworkPortUnusual.Judge(state, knowledge), TrafficVolumeUnusual.Judge(state, knowledge) }.OfType<Decision>();
}
