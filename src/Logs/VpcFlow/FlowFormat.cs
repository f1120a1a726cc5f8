using System.Collections.Frozen;
using System.Text;

namespace Yagura.Logs.VpcFlow;

/// <summary>The columns of a flow log that a <see cref="FlowRecord"/> keeps; every other one is read over.</summary>
internal enum FlowField : byte
{
    Other,
    Version, AccountId, InterfaceId, SourceAddress, DestinationAddress, SourcePort, DestinationPort, Protocol, Packets, Bytes, Start, End, Action, LogStatus,
    VpcId, SubnetId, InstanceId, TcpFlags, PacketSourceAddress, PacketDestinationAddress,
    Region, FlowDirection,
}

/// <summary>The order of the fields in the lines of a flow log, compiled from a header line or from the format string a flow log was created with.</summary>
/// <remarks>Source: Amazon VPC user guide, "Flow log records": versions 2 (the default) to 5 and 7, 8 and later add fields; a name not known here is
/// a column like any other and its values are not looked at.</remarks>
internal sealed class FlowFormat
{
    private const int MostColumns = 256;

    // Also known, and not kept: type, az-id, sublocation-type, sublocation-id (3, 4), pkt-src-aws-service, pkt-dst-aws-service, traffic-path (5),
    // ecs-* (7), reject-reason (8), resource-id, encryption-status (later).
    private static readonly FrozenDictionary<string, FlowField> Kept = new Dictionary<string, FlowField>(StringComparer.Ordinal)
    {
        ["version"] = FlowField.Version, ["account-id"] = FlowField.AccountId, ["interface-id"] = FlowField.InterfaceId,
        ["srcaddr"] = FlowField.SourceAddress, ["dstaddr"] = FlowField.DestinationAddress,
        ["srcport"] = FlowField.SourcePort, ["dstport"] = FlowField.DestinationPort, ["protocol"] = FlowField.Protocol,
        ["packets"] = FlowField.Packets, ["bytes"] = FlowField.Bytes, ["start"] = FlowField.Start, ["end"] = FlowField.End,
        ["action"] = FlowField.Action, ["log-status"] = FlowField.LogStatus,
        ["vpc-id"] = FlowField.VpcId, ["subnet-id"] = FlowField.SubnetId, ["instance-id"] = FlowField.InstanceId, ["tcp-flags"] = FlowField.TcpFlags,
        ["pkt-srcaddr"] = FlowField.PacketSourceAddress, ["pkt-dstaddr"] = FlowField.PacketDestinationAddress,
        ["region"] = FlowField.Region, ["flow-direction"] = FlowField.FlowDirection,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Numbers = new[]
    {
        "version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "tcp-flags", "traffic-path",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a field that holds whole numbers.</summary>
    public static bool IsNumber(string name) => Numbers.Contains(name);

    private static readonly FlowField[] DefaultColumns =
    [
        FlowField.Version, FlowField.AccountId, FlowField.InterfaceId, FlowField.SourceAddress, FlowField.DestinationAddress, FlowField.SourcePort,
        FlowField.DestinationPort, FlowField.Protocol, FlowField.Packets, FlowField.Bytes, FlowField.Start, FlowField.End, FlowField.Action, FlowField.LogStatus,
    ];

    private FlowFormat(string[] names, FlowField[] columns)
    {
        Names = names;
        Columns = columns;
        IsDefault = columns.AsSpan().SequenceEqual(DefaultColumns);
        WrongCount = $"not {names.Length} fields, as the format has";
    }

    /// <summary>Version 2 in its fixed order, which CloudWatch Logs subscriptions carry without a header.</summary>
    public static FlowFormat Default { get; } =
        TryParse("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status", out _)!;

    /// <summary>The format below a header that is of no use: no line fits it.</summary>
    public static FlowFormat None { get; } = new([], []) { WrongCount = "the header above the line is of no use" };

    /// <summary>The names, as AWS writes them.</summary>
    public string[] Names { get; }

    public FlowField[] Columns { get; }

    /// <summary>True for the columns of <see cref="Default"/>, wherever the format comes from.</summary>
    public bool IsDefault { get; }

    /// <summary>The reason given for a line of another length.</summary>
    public string WrongCount { get; private init; }

    /// <summary>Reads <c>version account-id …</c> or <c>${version} ${account-id} …</c>; null with the reason when no flow can be read by it.</summary>
    public static FlowFormat? TryParse(string text, out string reason)
    {
        var names = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < names.Length; i++)
            if (names[i] is ['$', '{', .. var inner, '}']) names[i] = inner;
        var columns = Array.ConvertAll(names, name => Kept.GetValueOrDefault(name));

        reason = names.Length > MostColumns ? $"more than {MostColumns} fields"
            : columns.Where(column => column != FlowField.Other).GroupBy(column => column).Any(same => same.Count() > 1) ? "a field is named twice"
            : !(Both(FlowField.SourceAddress, FlowField.DestinationAddress) || Both(FlowField.PacketSourceAddress, FlowField.PacketDestinationAddress)
                || columns.Contains(FlowField.InterfaceId)) ? "neither addresses nor an interface among the fields"
            : !columns.Contains(FlowField.Start) && !columns.Contains(FlowField.End) ? "neither start nor end among the fields"
            : "";
        return reason.Length == 0 ? new(names, columns) : null;

        bool Both(FlowField one, FlowField other) => columns.Contains(one) && columns.Contains(other);
    }

    public static FlowFormat? TryParse(ReadOnlySpan<byte> header, out string reason) => TryParse(Encoding.ASCII.GetString(header), out reason);

    /// <summary>True for the name of a field that records keep.</summary>
    public static bool IsKept(string name) => Kept.ContainsKey(name);

    /// <summary>True for a header whose names are, for two or more, those of flow logs.</summary>
    public static bool IsHeaderOfFlows(ReadOnlySpan<byte> line) =>
        IsHeader(line) && Encoding.ASCII.GetString(line).Split(' ').Count(IsKept) >= 2;

    /// <summary>True for a line of two or more lower-case names: a line of data always has a digit, a capital or a lone dash somewhere.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> line)
    {
        int spaces = 0, inName = 0;
        foreach (var c in line)
        {
            if (c == ' ')
            {
                if (inName < 2) return false;
                spaces++;
                inName = 0;
            }
            else if (c is >= (byte)'a' and <= (byte)'z' || (c == '-' && inName > 0)) inName++;
            else return false;
        }
        return spaces > 0 && inName >= 2;
    }
}
