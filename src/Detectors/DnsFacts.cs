using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>The facts of a DNS query that findings are made of.</summary>
public static class DnsFacts
{
    /// <summary>The addresses in the answer, in order; walks the raw JSON without allocating.</summary>
    public static AnswerEnumerator Answers(DnsQuery query) => new(query[DnsField.Answers]);

    /// <summary>The instance that asked, else its address within its VPC.</summary>
    public static string Subject(DnsQuery query) =>
        Utf8.TextOrNull(query[DnsField.InstanceId]) ?? $"{Utf8.Text(query[DnsField.VpcId])}/{Utf8.Text(query[DnsField.SourceAddress])}";

    public static Detection Detection(DnsQuery query, FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        var id = Utf8.TextOrNull(query[DnsField.InstanceId]);
        var known = id is not null ? knowledge.Inventory.Instance(id) : knowledge.Inventory.OfAddress(query.Source);
        var domain = Utf8.Text(query.Name);
        return new Detection(
            type, Utf8.Text(query.AccountId), Utf8.Text(query[DnsField.Region]), Subject(query), Principal: null, severity,
            new Resource(ResourceType.Instance) { InstanceDetails = known ?? Described(query, id) },
            new DnsRequestAction(domain, knowledge.Intel.RegistrableDomain(domain), Utf8.TextOrNull(query[DnsField.Transport]) ?? "UDP", query.Blocked)
            {
                VpcOwnerAccountId = Utf8.TextOrNull(query.AccountId),
            },
            ResourceRole.Actor, why);
    }

    private static InstanceDetails Described(DnsQuery query, string? id) => new()
    {
        InstanceId = id,
        NetworkInterfaces =
        [
            new NetworkInterface
            {
                PrivateIpAddress = query.Source.IsV4 ? query.Source.ToString() : null,
                Ipv6Addresses = query.Source.IsV4 || query.Source.IsNone ? [] : [query.Source.ToString()],
                VpcId = Utf8.TextOrNull(query[DnsField.VpcId]),
            },
        ],
    };

    public static string Summary(DnsQuery query) =>
        $"{Utf8.Text(query.Name)} {Utf8.Text(query[DnsField.QueryType])} from {Utf8.Text(query[DnsField.SourceAddress])}: {Utf8.Text(query[DnsField.ResponseCode])}";

    /// <summary>Walks <c>[{"Rdata":"192.0.2.1","Type":"A","Class":"IN"},…]</c> for the texts after <c>"Rdata":</c> that are addresses.</summary>
    public ref struct AnswerEnumerator(ReadOnlySpan<byte> answers)
    {
        private static ReadOnlySpan<byte> Key => "\"Rdata\""u8;

        private ReadOnlySpan<byte> _rest = answers;

        public IpAddress Current { get; private set; }

        public readonly AnswerEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_rest.IndexOf(Key) is >= 0 and var at)
            {
                _rest = _rest[(at + Key.Length)..];
                var open = _rest.IndexOf((byte)'"');
                if (open < 0) return false;
                _rest = _rest[(open + 1)..];
                var close = _rest.IndexOf((byte)'"');
                if (close < 0) return false;
                var text = _rest[..close];
                _rest = _rest[(close + 1)..];
                if (!IpAddress.TryParse(text, out var address)) continue;
                Current = address;
                return true;
            }
            return false;
        }
    }
}
