using Yagura.Core;
using Yagura.Logs.Json;

namespace Yagura.Logs.Route53Resolver;

/// <summary>A record of a Route 53 Resolver query log: where its fields lie and what it needs to be used.</summary>
/// <remarks><code>{"version":"1.100000","account_id":"111122223333","region":"us-east-1","query_timestamp":"2026-02-01T09:30:00Z","query_name":"www.example.com.","srcids":{"instance":"i-0d15cd0d3example"},…}</code>
/// Source: Amazon Route 53 developer guide, "Values that appear in Resolver query logs".</remarks>
internal static class ResolverRecord
{
    /// <summary>The path of each <see cref="DnsField"/>, in its order.</summary>
    public static readonly string[] Paths = [.. Enum.GetValues<DnsField>().Select(PathOf)];

    private static string PathOf(DnsField field) => field switch
    {
        DnsField.QueryTimestamp => "query_timestamp",
        DnsField.AccountId => "account_id",
        DnsField.Region => "region",
        DnsField.VpcId => "vpc_id",
        DnsField.QueryName => "query_name",
        DnsField.QueryType => "query_type",
        DnsField.QueryClass => "query_class",
        DnsField.ResponseCode => "rcode",
        DnsField.SourceAddress => "srcaddr",
        DnsField.SourcePort => "srcport",
        DnsField.Transport => "transport",
        DnsField.InstanceId => "srcids.instance",
        DnsField.ResolverEndpoint => "srcids.resolver_endpoint",
        DnsField.FirewallRuleAction => "firewall_rule_action",
        DnsField.FirewallRuleGroupId => "firewall_rule_group_id",
        DnsField.FirewallDomainListId => "firewall_domain_list_id",
        DnsField.Answers => "answers",
    };

    /// <summary>Completes a query whose slots are filled.</summary>
    /// <returns>The field without which it cannot be used, and why; null when it can.</returns>
    public static (string Field, string Reason)? Complete(DnsQuery query)
    {
        if (query[DnsField.QueryName].IsEmpty) return ("query_name", "the resolver query has no query_name");
        if (!IsoTime.TryParse(query[DnsField.QueryTimestamp], out var time))
            return ("query_timestamp", query[DnsField.QueryTimestamp].IsEmpty ? "the resolver query has no query_timestamp" : "query_timestamp is not an ISO 8601 time");
        query.Time = time;
        query.Source = IpAddress.TryParse(query[DnsField.SourceAddress], out var address) ? address : IpAddress.None;
        return null;
    }
}
