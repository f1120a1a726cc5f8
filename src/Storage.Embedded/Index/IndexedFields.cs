using System.Security.Cryptography;
using System.Text;
using Yagura.Core.Findings;
using Yagura.Matching.Criteria.Facets;

namespace Yagura.Storage.Embedded.Index;

/// <summary>Which fields of a finding are kept as facets.</summary>
internal static class IndexedFields
{
    /// <summary>A field of ours: account, kind and id of the resource, each on its line.</summary>
    public static readonly int Resource = FindingFacets.Fields.Count;

    public static readonly int Id = FindingFacets.FieldOf("id"), Account = FindingFacets.FieldOf("accountId"), Region = FindingFacets.FieldOf("region"), Type = FindingFacets.FieldOf("type");

    /// <summary>Different for nearly every finding, long, and asked for by hardly anybody: looked for in the JSON.</summary>
    private static readonly string[] InJsonOnly = ["arn", "title", "description", "service.additionalInfo.value", "service.detection.sequence.description", "service.detection.sequence.signals.description"];

    private static readonly bool[] AreFacets =
        [.. FindingFacets.Fields.Select(field => field != "id" && FindingColumns.Of(field) is null && !InJsonOnly.Contains(field, StringComparer.Ordinal)), true];

    public static int Count => AreFacets.Length;

    /// <summary>Changes when the facets of the findings that are stored have to be read anew.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', FindingFacets.Fields.Where((_, field) => AreFacets[field]).Prepend("1")))));

    public static bool IsFacet(int field) => AreFacets[field];

    public static bool IsInJsonOnly(string path) => FindingFacets.FieldOf(path) is >= 0 and var field && InJsonOnly.Contains(FindingFacets.Fields[field], StringComparer.Ordinal);

    public static string NameOf(int field) => field == Resource ? "" : FindingFacets.Fields[field];

    public static int FieldNamed(string name) => name.Length == 0 ? Resource : FindingFacets.FieldOf(name);

    public static string ResourceOf(Finding finding)
    {
        var resource = finding.Resource;
        var id = resource.ResourceType switch
        {
            ResourceType.AccessKey => resource.AccessKeyDetails?.AccessKeyId,
            ResourceType.Instance => resource.InstanceDetails?.InstanceId,
            ResourceType.S3Bucket => resource.S3BucketDetails is [var bucket, ..] ? bucket.Name : null,
            ResourceType.AttackSequence => null,
        };
        return $"{finding.AccountId}\n{resource.ResourceType}\n{id}".Replace('\0', '\uFFFD');
    }
}
