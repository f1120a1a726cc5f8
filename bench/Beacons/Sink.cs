using Yagura.Detectors;
using Yagura.Detectors.Yagura.EC2;
using Yagura.Logs;

namespace Yagura.Beacons;

/// <summary>Shows each flow to the detector, if there is one.</summary>
internal sealed class Sink(Beaconing? detector) : ILogSink, ISteps<BeaconPairs>
{
    public BeaconPairs Pairs { get; } = new();
    public string ObjectName => "bench.log";
    public BeaconPairs Of(EntityKey key) => Pairs;
    public void Handle(FlowRecord record) => detector?.Observe(record, Knowledge.Nothing, this);
    public void Handle(ApiCall call) { }
    public void Handle(DnsQuery record) { }
    public void Quarantine(in Misfit misfit) => throw new InvalidOperationException(misfit.Reason);
    public void Skip(LogType logType, string reason, long records = 1) { }
}
