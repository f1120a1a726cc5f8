using Yagura.Logs;

namespace Yagura.Bench.Json;

/// <summary>Counts calls, as cheaply as a sink can be.</summary>
internal sealed class Count : ILogSink
{
    public long Calls, Other;
    public void Handle(ApiCall call) => Calls++;
    public void Handle(FlowRecord flow) => Other++;
    public void Handle(DnsQuery query) => Other++;
    public void Quarantine(in Misfit misfit) => Other++;
    public void Skip(LogType logType, string reason, long records = 1) => Other++;
}
