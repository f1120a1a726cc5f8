using System.Text.Json;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>The facts of a DNS query that findings are made of.</summary>
public static class DnsFacts
{
    /// <summary>The addresses in the answer, in order; nothing is allocated for an answer that is JSON.</summary>
    public static AnswerEnumerator Answers(DnsQuery query) => new(query[DnsField.Answers]);

    /// <summary>The instance that asked, else its address within its VPC.</summary>
    public static string Subject(DnsQuery query) =>
        Utf8.TextOrNull(query[DnsField.InstanceId]) ?? $"{Utf8.Text(query[DnsField.VpcId])}/{Utf8.Text(query[DnsField.SourceAddress])}";

    public static Detection Detection(DnsQuery query, FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        var id = Utf8.TextOrNull(query[DnsField.InstanceId]);
        var known = id is not null ? knowledge.Inventory.Instance(id) : AtSource(query, knowledge.Inventory);
        var domain = Utf8.Text(query.Name).ToLowerInvariant();
        return new Detection(
            type, Utf8.Text(query.AccountId), Utf8.Text(query[DnsField.Region]), Subject(query), Principal: null, severity,
            new Resource(ResourceType.Instance) { InstanceDetails = known ?? Described(query, id) },
            new DnsRequestAction(domain, knowledge.Intel.RegistrableDomain(domain), Utf8.TextOrNull(query[DnsField.Transport]) ?? "UDP", query.Blocked)
            {
                VpcOwnerAccountId = Utf8.TextOrNull(query.AccountId),
            },
            ResourceRole.Actor, why);
    }

    // Two VPCs may use the same private addresses; an instance known to be in another one is not the one that asked.
    private static InstanceDetails? AtSource(DnsQuery query, Inventory inventory)
    {
        var vpc = Utf8.Text(query[DnsField.VpcId]);
        return inventory.OfAddress(query.Source) is { } known && known.NetworkInterfaces.Any(n => string.Equals(n.VpcId, vpc, StringComparison.Ordinal)) ? known : null;
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

    /// <summary>Walks <c>[{"Rdata":"192.0.2.1","Type":"A","Class":"IN"},…]</c> for the addresses of A and AAAA records.</summary>
    /// <remarks>Text records may say anything, an address too, so the type of each record is looked at. JSON that breaks off ends the walk.</remarks>
    public ref struct AnswerEnumerator(ReadOnlySpan<byte> answers)
    {
        private readonly bool _isEmpty = answers.IsEmpty;
        private Utf8JsonReader _reader = new(answers, new JsonReaderOptions { MaxDepth = 8 });

        public IpAddress Current { get; private set; }

        public readonly AnswerEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_isEmpty) return false;
            try
            {
                while (_reader.Read())
                {
                    if (_reader is { TokenType: JsonTokenType.StartObject, CurrentDepth: 1 } && ReadAnswer()) return true;
                }
            }
            catch (JsonException)
            {
                return false;
            }
            return false;
        }

        private bool ReadAnswer()
        {
            var address = IpAddress.None;
            var isAddress = false;
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
            {
                // As written, escapes and all: a text with half a surrogate pair in one answer must not hide the others.
                var (isData, isType) = (_reader.ValueSpan.SequenceEqual("Rdata"u8), _reader.ValueSpan.SequenceEqual("Type"u8));
                _reader.Read();
                if (_reader.TokenType != JsonTokenType.String) _reader.Skip();
                else if (isData) _ = IpAddress.TryParse(_reader.ValueSpan, out address);
                else if (isType) isAddress = _reader.ValueSpan.SequenceEqual("A"u8) || _reader.ValueSpan.SequenceEqual("AAAA"u8);
            }
            Current = address;
            return isAddress && !address.IsNone;
        }
    }
}
