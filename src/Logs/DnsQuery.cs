using Yagura.Core;

namespace Yagura.Logs;

/// <summary>One query of a Route 53 Resolver query log.</summary>
/// <remarks>Text fields are UTF-8, unescaped. Source: Amazon Route 53 developer guide, "Values that appear in Resolver query logs".</remarks>
public sealed class DnsQuery : LogEvent
{
    private readonly FieldSlot[] _slots;
    private readonly int _first;
    private FieldSlot _raw;

    /// <summary>A view of slots that somebody else fills.</summary>
    /// <param name="slots">The fields, in their order.</param>
    /// <param name="first">The slot of the first field.</param>
    internal DnsQuery(FieldSlot[] slots, int first) => (_slots, _first) = (slots, first);

    internal void Show(byte[] bytes, int start, int length) => _raw = new() { Bytes = bytes, Start = start, Length = length };

    public ReadOnlySpan<byte> this[DnsField field] => _slots[_first + (int)field].Span;

    public override LogType LogType => LogType.Route53Resolver;
    public override ReadOnlySpan<byte> Raw => _raw.Span;
    public override ReadOnlySpan<byte> AccountId => this[DnsField.AccountId] is { IsEmpty: false } account ? account : Hints.Account;

    /// <summary>The name asked for, without the final dot; letter case as sent.</summary>
    public ReadOnlySpan<byte> Name => this[DnsField.QueryName] is [.. var name, (byte)'.'] && name.Length > 0 ? name : this[DnsField.QueryName];

    public IpAddress Source { get; internal set; }

    /// <summary>True when Route 53 Resolver DNS Firewall answered instead of the resolver.</summary>
    public bool Blocked => this[DnsField.FirewallRuleAction].SequenceEqual("BLOCK"u8);

    /// <summary>True for NXDOMAIN: there is no such name.</summary>
    public bool NameIsMissing => this[DnsField.ResponseCode].SequenceEqual("NXDOMAIN"u8);

    public override UInt128 Identity => ContentHash.Of(Raw);
}

/// <summary>Fields of a resolver query log record, by the JSON path they come from.</summary>
public enum DnsField
{
    QueryTimestamp, AccountId, Region, VpcId, QueryName, QueryType, QueryClass, ResponseCode, SourceAddress, SourcePort, Transport,
    /// <summary><c>srcids.instance</c>.</summary>
    InstanceId,
    /// <summary><c>srcids.resolver_endpoint</c>.</summary>
    ResolverEndpoint,
    FirewallRuleAction, FirewallRuleGroupId, FirewallDomainListId,
    /// <summary>Raw JSON array of <c>{"Rdata","Type","Class"}</c>.</summary>
    Answers,
}
