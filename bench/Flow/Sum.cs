using System.Globalization;
using Yagura.Logs;

namespace Yagura.Flow;

/// <summary>Takes every typed field of every record, so that none can be left unread.</summary>
internal sealed class Sum : ILogSink
{
    private long _sum;

    public long Records { get; private set; }

    public void Handle(FlowRecord flow)
    {
        Records++;
        _sum += (long)flow.Source.Low ^ (long)flow.Destination.Low ^ flow.SourcePort ^ flow.DestinationPort ^ flow.Protocol ^ flow.Packets ^ flow.Bytes
            ^ flow.Start.Ticks ^ flow.End.Ticks ^ (long)flow.Action ^ flow.InterfaceId.Length;
    }

    public void Handle(ApiCall call) => throw new InvalidOperationException();
    public void Handle(DnsQuery query) => throw new InvalidOperationException();
    public void Quarantine(in Misfit misfit) => throw new InvalidOperationException(misfit.Reason);
    public void Skip(LogType logType, string reason, long records = 1) => throw new InvalidOperationException(reason);

    public override string ToString() => _sum.ToString(CultureInfo.InvariantCulture);
}
