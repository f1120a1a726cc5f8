using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;

namespace Yagura.Engine.Suppressions;

/// <summary>What criteria would have hidden among the findings that are stored.</summary>
/// <param name="Groups">Those with findings that a person marked as real first, then the gravest, then the largest.</param>
/// <param name="Real">Findings that a person marked as real (<see cref="UserFeedback.Useful"/>), the gravest first; at most <see cref="MostReal"/>.</param>
/// <param name="Warnings">What speaks against the rule, in sentences for people; empty where nothing does.</param>
/// <param name="IsWhole">False where there were more than <see cref="MostFindings"/>: the numbers are at least so great.</param>
public sealed record SuppressionPreview(
    long Findings, IReadOnlyList<PreviewGroup> Groups, IReadOnlyList<Finding> Real, IReadOnlyList<string> Warnings, bool IsWhole)
{
    /// <summary>Most findings that are looked at.</summary>
    public const int MostFindings = 100_000;

    public const int MostReal = 50;

    /// <summary>Fewest findings of a type of which all hidden is worth a warning.</summary>
    private const long SmallestType = 2;

    /// <param name="criteria">Found to be right.</param>
    public static async Task<SuppressionPreview> Of(IStoredFindings stored, FindingScope scope, ReadOnlyMemory<byte> criteria, CancellationToken cancel = default)
    {
        var groups = new Dictionary<(FindingType Type, Severity Severity), PreviewGroup>();
        var real = new PriorityQueue<Finding, double>(); // the least grave goes first
        var (findings, isWhole) = (0L, true);
        await foreach (var finding in stored.Matching(scope, criteria, cancel))
        {
            if (findings == MostFindings)
            {
                isWhole = false;
                break;
            }
            findings++;
            var isReal = finding.Service.UserFeedback == UserFeedback.Useful;
            var key = (finding.Type, SeverityExtensions.ToLevel(finding.Severity));
            var group = groups.GetValueOrDefault(key) ?? new(key.Type, key.Item2, 0, 0, 0, DateTimeOffset.MinValue);
            groups[key] = group with
            {
                Findings = group.Findings + 1,
                Occurrences = group.Occurrences + finding.Service.Count,
                Real = group.Real + (isReal ? 1 : 0),
                Last = finding.Service.EventLastSeen > group.Last ? finding.Service.EventLastSeen : group.Last,
            };
            if (!isReal) continue;
            real.Enqueue(finding, finding.Severity);
            if (real.Count > MostReal) real.Dequeue();
        }
        var marked = real.UnorderedItems.Select(item => item.Element).OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Id, StringComparer.Ordinal).ToList();
        PreviewGroup[] ordered = [.. groups.Values.OrderByDescending(group => group.Real).ThenByDescending(group => group.Severity).ThenByDescending(group => group.Findings).ThenBy(group => group.Type.Name, StringComparer.Ordinal)];
        return new(findings, ordered, marked, [.. Against(ordered, await stored.CountByType(scope, cancel))], isWhole);
    }

    private static IEnumerable<string> Against(IReadOnlyList<PreviewGroup> groups, IReadOnlyDictionary<string, long> all)
    {
        if (groups.Sum(group => group.Real) is > 0 and var real) yield return string.Create(CultureInfo.InvariantCulture, $"{Counted(real)} it would have hidden {(real == 1 ? "was" : "were")} marked as real by a person");
        foreach (var level in groups.Where(group => group.Severity >= Severity.High).GroupBy(group => group.Severity).OrderByDescending(level => level.Key))
            yield return string.Create(CultureInfo.InvariantCulture, $"{Counted(level.Sum(group => group.Findings))} it would have hidden {(level.Sum(group => group.Findings) == 1 ? "is" : "are")} {level.Key}");
        foreach (var type in groups.GroupBy(group => group.Type).OrderBy(type => type.Key.Name, StringComparer.Ordinal))
        {
            var hidden = type.Sum(group => group.Findings);
            if (hidden >= SmallestType && hidden >= all.GetValueOrDefault(type.Key.Name)) yield return string.Create(CultureInfo.InvariantCulture, $"it would have hidden every finding of the type {type.Key} ({hidden})");
        }
    }

    private static string Counted(long count) => count == 1 ? "1 finding" : string.Create(CultureInfo.InvariantCulture, $"{count} findings");
}

/// <param name="Real">How many of them a person marked as real.</param>
/// <param name="Last">When the last of them was last seen.</param>
public sealed record PreviewGroup(FindingType Type, Severity Severity, long Findings, long Occurrences, long Real, DateTimeOffset Last);

/// <summary>Looks through a store of findings by its index.</summary>
public sealed class SearchedFindings(IFindingStore store) : IStoredFindings
{
    private const int MostTypes = 10_000;

    public async IAsyncEnumerable<Finding> Matching(
        FindingScope scope, ReadOnlyMemory<byte> criteria, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        string? token = null;
        do
        {
            var page = await store.List(new(scope, criteria) { Limit = FindingQuery.MostIds, Token = token }, cancel);
            foreach (var one in await store.Get(scope, page.Ids, cancel)) yield return one.Finding;
            token = page.NextToken;
        }
        while (token is not null);
    }

    public async Task<IReadOnlyDictionary<string, long>> CountByType(FindingScope scope, CancellationToken cancel = default) =>
        (await store.Statistics(new(scope, FindingGrouping.FindingType) { Limit = MostTypes }, cancel)).ToDictionary(group => group.FindingType!, group => group.Count, StringComparer.Ordinal);
}
