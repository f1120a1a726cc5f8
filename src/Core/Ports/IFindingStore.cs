using Yagura.Core.Findings;

namespace Yagura.Core.Ports;

/// <summary>Keeps findings, and what people said of them.</summary>
/// <remarks>
/// <para>A task that writes ends when the change is on disk. Each call is one transaction: all of it or nothing. What was written is seen by every later call.</para>
/// <para>Every change of a finding gets a number of its own, greater than all before: <see cref="Changes"/> follows them.</para>
/// <para>Every method may throw <see cref="StorageException"/>.</para>
/// </remarks>
public interface IFindingStore
{
    /// <summary>Adds findings that are new and replaces known ones as detection sees them now.</summary>
    /// <remarks>A known finding keeps its <see cref="Finding.CreatedAt"/>, its feedback, and whether it is archived (by a rule, by a person, or not) until a later
    /// occurrence: <see cref="Service.EventLastSeen"/> or <see cref="Service.Count"/> has grown. One that differs in its times of creation and update only is no change.</remarks>
    /// <returns>How many there were of each.</returns>
    /// <param name="hits">What suppression rules did to the findings. Of those that are new or occurred again it is remembered (<see cref="ISuppressionHits"/>).</param>
    Task<PutResult> Put(IReadOnlyList<Finding> findings, IReadOnlyList<SuppressionHit> hits, CancellationToken cancel = default);

    /// <summary>The findings with these ids, in the order of the ids; those that are not there or not in scope are left out.</summary>
    /// <param name="ids">At most <see cref="FindingQuery.MostIds"/>.</param>
    Task<IReadOnlyList<StoredFinding>> Get(FindingScope scope, IReadOnlyList<string> ids, CancellationToken cancel = default);

    /// <summary>The ids of the findings that are asked for, a page at a time.</summary>
    /// <exception cref="InvalidTokenException">The token belongs to another question or store.</exception>
    /// <exception cref="ArgumentException">The criteria are none; the message lists every mistake.</exception>
    Task<FindingPage> List(FindingQuery query, CancellationToken cancel = default);

    /// <summary>How many findings there are of each kind.</summary>
    /// <exception cref="ArgumentException">The criteria are none; the message lists every mistake.</exception>
    Task<IReadOnlyList<FindingGroup>> Statistics(FindingStatistics question, CancellationToken cancel = default);

    /// <summary>Archives findings by hand, or brings them back.</summary>
    /// <returns>The ids that are there and in scope, changed or not.</returns>
    Task<IReadOnlyList<string>> SetArchived(FindingScope scope, IReadOnlyList<string> ids, bool archived, CancellationToken cancel = default);

    /// <summary>Says of findings whether they were of use.</summary>
    /// <returns>The ids that are there and in scope, changed or not.</returns>
    Task<IReadOnlyList<string>> SetFeedback(FindingScope scope, IReadOnlyList<string> ids, UserFeedback feedback, CancellationToken cancel = default);

    /// <summary>Removes the findings that were updated last before a time.</summary>
    /// <returns>How many.</returns>
    Task<int> Prune(DateTimeOffset before, CancellationToken cancel = default);

    /// <summary>The findings that changed last after a change, in the order of their changes: of several changes of one finding only the last is there.</summary>
    /// <param name="after">0 for all; else the <see cref="StoredFinding.Sequence"/> of the last one that was seen.</param>
    /// <param name="limit">Most findings to return, 1 to 1,000.</param>
    Task<IReadOnlyList<StoredFinding>> Changes(long after, int limit, CancellationToken cancel = default);
}

public static class FindingStoreExtensions
{
    /// <inheritdoc cref="IFindingStore.Put"/>
    public static Task<PutResult> Put(this IFindingStore store, IReadOnlyList<Finding> findings, CancellationToken cancel = default) => store.Put(findings, [], cancel);
}

/// <summary>Whose findings are meant.</summary>
/// <param name="Accounts">Null for all.</param>
/// <param name="Region">Null for all.</param>
public sealed record FindingScope(IReadOnlyList<string>? Accounts, string? Region)
{
    public static FindingScope Everything { get; } = new(null, null);

    /// <summary>What one detector sees.</summary>
    public static FindingScope Of(string account, string region) => new([account], region);
}

/// <param name="Finding">With what people said of it.</param>
/// <param name="Sequence">The number of its last change.</param>
public sealed record StoredFinding(Finding Finding, long Sequence);

public readonly record struct PutResult(int Added, int Changed, int Unchanged);

/// <param name="Criteria">GuardDuty's finding criteria, <c>{"criterion":{…}}</c>, which name at least one path; null or empty for all.</param>
public sealed record FindingQuery(FindingScope Scope, ReadOnlyMemory<byte>? Criteria = null)
{
    /// <summary>Most ids in one call, and most findings on one page.</summary>
    public const int MostIds = 1000;

    /// <summary>Any path that criteria may name. Of several values the one that comes first counts; findings without one come last; equal ones stand in an order that stays.</summary>
    public string SortBy { get; init; } = "updatedAt";

    public bool Descending { get; init; } = true;

    /// <summary>1 to <see cref="MostIds"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Of the page before; null for the first.</summary>
    public string? Token { get; init; }
}

/// <param name="NextToken">Null on the last page.</param>
public sealed record FindingPage(IReadOnlyList<string> Ids, string? NextToken);

/// <inheritdoc cref="FindingQuery"/>
public sealed record FindingStatistics(FindingScope Scope, FindingGrouping By, ReadOnlyMemory<byte>? Criteria = null)
{
    /// <summary>The greatest groups first, else the smallest.</summary>
    public bool Descending { get; init; } = true;

    /// <summary>Most groups to return.</summary>
    public int Limit { get; init; } = 25;
}

public enum FindingGrouping
{
    Account,
    /// <summary>The day of the last update, in UTC, and the severity.</summary>
    Date,
    FindingType,
    /// <summary>Account, kind and id of the resource.</summary>
    Resource,
    Severity,
}

/// <summary>Findings that have something in common; what does not belong to the grouping is null.</summary>
/// <param name="LastUpdated">The latest <see cref="Finding.UpdatedAt"/> among them.</param>
public sealed record FindingGroup(long Count, DateTimeOffset LastUpdated)
{
    public string? Account { get; init; }
    public DateOnly? Date { get; init; }
    public string? FindingType { get; init; }
    public string? ResourceType { get; init; }

    /// <summary>Id of the instance or access key, name of the bucket; null for what has none, such as attack sequences.</summary>
    public string? ResourceId { get; init; }
    public double? Severity { get; init; }
}
