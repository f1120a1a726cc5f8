using System.Buffers;
using System.Numerics;
using System.Text.Json;
using Yagura.Core;
using Yagura.Logs.Text;
using Yagura.Logs.VpcFlow;

namespace Yagura.Logs;

public enum FlowAction : byte { None, Accept, Reject }

/// <summary>From the network interface's point of view.</summary>
public enum FlowDirection : byte { Unknown, Ingress, Egress }

[Flags]
public enum TcpFlags : byte { None = 0, Fin = 1, Syn = 2, Rst = 4, Psh = 8, Ack = 16, Urg = 32 }

/// <summary>One record of a VPC flow log, any version. Fields the format lacks are empty, zero or Unknown.</summary>
/// <remarks>Source: Amazon VPC user guide, "Flow log records".</remarks>
public sealed class FlowRecord : LogEvent
{
    private byte[] _bytes = [];
    private int _start, _length;
    private ulong? _lot;

    private readonly FlowFormat _format;

    internal FlowRecord(FlowFormat format) => _format = format;

    internal void Begin(byte[] bytes, int start, int length)
    {
        _bytes = bytes;
        _start = start;
        _length = length;
        _lot = null;
    }

    /// <summary>A text field as offsets into the record's bytes.</summary>
    internal struct Text { public int Start, Length; }

    internal Text AccountText, InterfaceText, InstanceText, VpcText, SubnetText, RegionText;

    private ReadOnlySpan<byte> Slice(Text text) => new(_bytes, text.Start, text.Length);

    public override LogType LogType => LogType.VpcFlow;
    public override ReadOnlySpan<byte> Raw => new(_bytes, _start, _length);
    public override ReadOnlySpan<byte> AccountId => AccountText.Length > 0 ? Slice(AccountText) : Hints.Account;
    public ReadOnlySpan<byte> InterfaceId => Slice(InterfaceText);
    public ReadOnlySpan<byte> InstanceId => Slice(InstanceText);
    public ReadOnlySpan<byte> VpcId => Slice(VpcText);
    public ReadOnlySpan<byte> SubnetId => Slice(SubnetText);
    public ReadOnlySpan<byte> Region => RegionText.Length > 0 ? Slice(RegionText) : Hints.Region;

    public IpAddress Source { get; internal set; }
    public IpAddress Destination { get; internal set; }
    /// <summary>Addresses of the original packet, where the format has them (behind NAT gateways and load balancers they differ).</summary>
    public IpAddress PacketSource { get; internal set; }
    /// <inheritdoc cref="PacketSource"/>
    public IpAddress PacketDestination { get; internal set; }
    public ushort SourcePort { get; internal set; }
    public ushort DestinationPort { get; internal set; }
    /// <summary>IANA protocol number.</summary>
    public byte Protocol { get; internal set; }
    public long Packets { get; internal set; }
    /// <summary>Octets including headers.</summary>
    public long Bytes { get; internal set; }
    public DateTimeOffset Start { get; internal set; }
    public DateTimeOffset End { get; internal set; }
    public FlowAction Action { get; internal set; }
    public FlowDirection Direction { get; internal set; }
    /// <summary>Flags seen in the window, OR-ed; null where the format has no <c>tcp-flags</c>.</summary>
    public TcpFlags? Flags { get; internal set; }

    public override UInt128 Identity => ContentHash.Of(Raw);

    /// <summary>What chance a record has to be in a sample, evenly distributed: drawn from what tells it from others, so that wherever it is delivered it has the same.</summary>
    /// <remarks>Quicker than <see cref="Identity"/>, for every record of a log draws one.</remarks>
    public ulong Lot => _lot ??= DrawLot();

    private ulong DrawLot()
    {
        const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xC2B2AE3D27D4EB4F, Odd3 = 0xFF51AFD7ED558CCD;
        var hash = (Source.Low ^ Source.High) * Odd1 ^ BitOperations.RotateLeft((Destination.Low ^ Destination.High) * Odd2, 31);
        hash ^= ((ulong)SourcePort << 48 | (ulong)DestinationPort << 32 | (uint)Start.Ticks ^ (ulong)(Start.Ticks >> 32)) * Odd3;
        hash = (hash ^ (ulong)Bytes ^ hash >> 33) * Odd3;
        hash = (hash ^ hash >> 33) * Odd2;
        return hash ^ hash >> 29;
    }

    /// <summary><c>{"version":2,"account-id":"111122223333",…}</c>: whole numbers as numbers where the field holds some.</summary>
    public override ReadOnlySpan<byte> AsJson(ArrayBufferWriter<byte> writer)
    {
        writer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(writer, TextFields.Options))
        {
            json.WriteStartObject();
            var rest = Raw;
            foreach (var name in _format.Names)
            {
                var end = rest.IndexOf((byte)' ');
                var value = end < 0 ? rest : rest[..end];
                TextFields.Write(json, name, value, FlowFormat.IsNumber(name));
                rest = end < 0 ? default : rest[(end + 1)..];
            }
            json.WriteEndObject();
        }
        return writer.WrittenSpan;
    }
}
