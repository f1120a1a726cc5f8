using System.Globalization;
using System.Text;
using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Findings of a detector; an administrator's detector shows those of its members too.</summary>
internal static class Findings
{
    /// <summary>Most ids in one call.</summary>
    private const int MostIds = 50;

    private static readonly string[] Orders = ["ASC", "DESC"];

    private static readonly Dictionary<string, FindingGrouping> Groupings = new(StringComparer.Ordinal)
    {
        ["ACCOUNT"] = FindingGrouping.Account, ["DATE"] = FindingGrouping.Date, ["FINDING_TYPE"] = FindingGrouping.FindingType,
        ["RESOURCE"] = FindingGrouping.Resource, ["SEVERITY"] = FindingGrouping.Severity,
    };

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var query = Sorted(call, new(await ScopeOf(call, cancel), CriteriaOf(call))) with { Limit = Paging.MaxResults(call) ?? Paging.MostResults, Token = Paging.Token(call) };
        var page = await Ask(() => call.Backend.Findings.List(query, cancel));
        json.WriteStartArray("findingIds");
        foreach (var id in page.Ids) json.WriteStringValue(id);
        json.WriteEndArray();
        if (page.NextToken is not null) json.WriteString("nextToken", page.NextToken);
    }

    public static async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var (scope, ids) = (await ScopeOf(call, cancel), IdsOf(call));
        if (call.Body.Has("sortCriteria") && ids.Count > 0)
        {
            var query = Sorted(call, new(scope, JsonOf(ids))) with { Limit = MostIds };
            ids = (await Ask(() => call.Backend.Findings.List(query, cancel))).Ids;
        }
        json.WriteStartArray("findings");
        foreach (var stored in await call.Backend.Findings.Get(scope, ids, cancel)) FindingJson.Write(json, stored.Finding);
        json.WriteEndArray();
    }

    public static Task Archive(Call call, Utf8JsonWriter json, CancellationToken cancel) => SetArchived(call, true, cancel);

    public static Task Unarchive(Call call, Utf8JsonWriter json, CancellationToken cancel) => SetArchived(call, false, cancel);

    public static async Task Feedback(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        call.Body.TextOrNull("comments", 0, 4096); // kept in the audit log
        var feedback = call.Body.Choice("feedback", ["USEFUL", "NOT_USEFUL"]) == "USEFUL" ? UserFeedback.Useful : UserFeedback.NotUseful;
        await call.Backend.Findings.SetFeedback(await ScopeOf(call, cancel), IdsOf(call), feedback, cancel);
    }

    public static async Task Statistics(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var types = call.Body.Texts("findingStatisticTypes", 0, 10);
        if (types.Any(type => type != "COUNT_BY_SEVERITY")) throw call.Body.Invalid("findingStatisticTypes", "it holds COUNT_BY_SEVERITY");
        var groupBy = call.Body.ChoiceOrNull("groupBy", Groupings.Keys.ToArray());
        if ((groupBy is null) == (types.Count == 0)) throw Refuse.BadRequest("The request is rejected because one of groupBy and findingStatisticTypes is expected.");
        var question = new FindingStatistics(await ScopeOf(call, cancel), groupBy is null ? FindingGrouping.Severity : Groupings[groupBy], CriteriaOf(call))
        {
            Descending = call.Body.ChoiceOrNull("orderBy", Orders) != "ASC",
            Limit = groupBy is null ? 100 : call.Body.NumberOrNull("maxResults", 1, 100) ?? 25,
        };
        var groups = await Ask(() => call.Backend.Findings.Statistics(question, cancel));
        json.WriteStartObject("findingStatistics");
        if (groupBy is null) WriteCountBySeverity(json, groups);
        else FindingGroups.Write(json, question.By, groups);
        json.WriteEndObject();
    }

    private static void WriteCountBySeverity(Utf8JsonWriter json, IReadOnlyList<FindingGroup> groups)
    {
        json.WriteStartObject("countBySeverity");
        foreach (var group in groups.OrderBy(group => group.Severity)) json.WriteNumber(group.Severity!.Value.ToString("0.0##", CultureInfo.InvariantCulture), group.Count);
        json.WriteEndObject();
    }

    private static async Task SetArchived(Call call, bool archived, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Membership.RefuseMember(call, cancel);
        await call.Backend.Findings.SetArchived(await ScopeOf(call, cancel), IdsOf(call), archived, cancel);
    }

    private static async Task<FindingScope> ScopeOf(Call call, CancellationToken cancel) => new(await Membership.AccountsOf(call, cancel), call.Region);

    private static IReadOnlyList<string> IdsOf(Call call) =>
        call.Body.Has("findingIds") ? call.Body.Texts("findingIds", 0, MostIds) : throw Refuse.Missing("findingIds");

    /// <summary>Null for all findings; the real service takes criteria without a path for those too.</summary>
    private static ReadOnlyMemory<byte>? CriteriaOf(Call call)
    {
        // Not one conditional expression: its null would become an array, and that criteria of no bytes.
        if (call.Body.ObjectOrNull("findingCriteria") is not { } criteria || criteria.ObjectOrNull("criterion")?.Names().Any() != true) return null;
        return Encoding.UTF8.GetBytes(criteria.Json);
    }

    private static FindingQuery Sorted(Call call, FindingQuery query) => call.Body.ObjectOrNull("sortCriteria") is not { } sort ? query : query with
    {
        SortBy = sort.TextOrNull("attributeName", 0) is { Length: > 0 } path ? path : query.SortBy,
        Descending = sort.ChoiceOrNull("orderBy", Orders) == "DESC",
    };

    private static ReadOnlyMemory<byte> JsonOf(IReadOnlyList<string> ids)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("criterion");
            json.WriteStartObject("id");
            json.WriteStartArray("equals");
            foreach (var id in ids) json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static async Task<T> Ask<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (InvalidTokenException)
        {
            throw Refuse.Invalid("nextToken", "it is not one that was given out for this question");
        }
        catch (ArgumentException bad)
        {
            throw Refuse.BadRequest($"The request is rejected because findingCriteria or sortCriteria is not right: {bad.Message}");
        }
    }
}
