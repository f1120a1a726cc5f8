using System.Text;
using Yagura.Core;
using Yagura.Logs.Json;

namespace Yagura.Logs.Tests;

/// <summary>Keeps what a text log gave, copied out of the reader's views.</summary>
internal sealed class Gathered : ILogSink
{
    public sealed record Flow(
        long Record, string Raw, string Account, string Interface, string Instance, string Vpc, string Subnet, string Region, IpAddress Source, IpAddress Destination,
        IpAddress PacketSource, IpAddress PacketDestination, int SourcePort, int DestinationPort, int Protocol, long Packets, long Bytes,
        DateTimeOffset Time, DateTimeOffset Start, DateTimeOffset End, FlowAction Action, FlowDirection Direction, TcpFlags? Flags);

    public sealed record Call(long Record, LogType LogType, string Raw, DateTimeOffset Time, IpAddress Address, string Account, IReadOnlyDictionary<ApiField, string> Fields)
    {
        public string this[ApiField field] => Fields[field];
    }

    public sealed record Unfit(long Record, string Field, string Reason, int Length);

    public List<Flow> Flows { get; } = [];
    public List<Call> Calls { get; } = [];
    public List<Unfit> Misfits { get; } = [];
    public List<(LogType LogType, string Reason, long Records)> Skips { get; } = [];

    /// <summary>Everything that arrived, as text, in the order it came.</summary>
    public List<string> All { get; } = [];

    public long Records => Flows.Count + Calls.Count + Misfits.Count + Skips.Sum(skip => skip.Records);

    public void Handle(FlowRecord flow)
    {
        Flows.Add(new(
            flow.Record, Text(flow.Raw), Text(flow.AccountId), Text(flow.InterfaceId), Text(flow.InstanceId), Text(flow.VpcId), Text(flow.SubnetId), Text(flow.Region),
            flow.Source, flow.Destination, flow.PacketSource, flow.PacketDestination, flow.SourcePort, flow.DestinationPort, flow.Protocol,
            flow.Packets, flow.Bytes, flow.Time, flow.Start, flow.End, flow.Action, flow.Direction, flow.Flags));
        All.Add(Flows[^1].ToString());
    }

    public void Handle(ApiCall call)
    {
        var fields = Enum.GetValues<ApiField>().ToDictionary(field => field, field => Text(call[field]));
        Calls.Add(new(call.Record, call.LogType, Text(call.Raw), call.Time, call.Address, Text(call.AccountId), fields));
        All.Add($"{call.Record} {Text(call.Raw)} {string.Join('|', fields.Values)}");
    }

    public void Handle(DnsQuery query) => throw new InvalidOperationException("no text log holds DNS queries");

    public void Quarantine(in Misfit misfit)
    {
        Misfits.Add(new(misfit.Record, misfit.Field, misfit.Reason, misfit.Bytes.Length));
        All.Add(Misfits[^1].ToString());
    }

    public void Skip(LogType logType, string reason, long records = 1)
    {
        Skips.Add((logType, reason, records));
        All.Add($"{logType} {reason} {records}");
    }

    /// <summary>Reads an object with a reader of its own.</summary>
    public static Gathered From(ReadOnlySpan<byte> content, string name = "object", string? flowFormat = null)
    {
        var sink = new Gathered();
        new LogObject(new(flowFormat, Projection.Known)).Read(new MemoryStream(content.ToArray()), name, sink, CancellationToken.None);
        return sink;
    }

    public static Gathered From(string content, string name = "object", string? flowFormat = null) => From(Encoding.UTF8.GetBytes(content), name, flowFormat);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
