using System.Text;
using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Matching.Criteria;

namespace Yagura.Api.GuardDuty;

/// <summary>Filters of a detector, by name.</summary>
internal static class Filters
{
    /// <summary>Per account and region. Source: user guide, "Quotas for GuardDuty".</summary>
    public const int Most = 100;

    private static readonly string[] Actions = [Filter.Noop, Filter.Archive];

    public static async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Membership.RefuseMember(call, cancel);
        var name = call.Body.Text("name", 3, 64);
        if (!Suppression.IsName(name)) throw call.Body.Invalid("name", "letters, digits, '.', '_' and '-' are allowed");
        var filters = await call.List(Kinds.Filter, cancel);
        if (filters.Any(filter => filter.Id == name)) throw Refuse.AlreadyExists("a filter with the given name");
        if (filters.Count >= Most) throw Refuse.TooMany("filters", Most);
        var filter = new Filter(Description(call), ActionOf(call) ?? Filter.Noop, RankOf(call) ?? filters.Count + 1, Criteria(call) ?? throw Refuse.Missing("findingCriteria"),
            call.Key.Arn, call.Now, call.Now, Tags.Read(call.Body));
        call.Put(Kinds.Filter, name, filter with { Facts = FactsOf(call, filter) });
        json.WriteString("name", name);
    }

    public static async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var filter = await Of(call, cancel);
        json.WriteString("name", call.Path("FilterName"));
        if (filter.Description is not null) json.WriteString("description", filter.Description);
        json.WriteString("action", filter.Action);
        json.WriteNumber("rank", filter.Rank);
        json.WritePropertyName("findingCriteria");
        json.WriteRawValue(filter.Criteria);
        Tags.Write(json, filter.Tags);
    }

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        call.WritePage(json, "filterNames", await call.List(Kinds.Filter, cancel), filter => filter.Id, (json, filter) => json.WriteStringValue(filter.Id));
    }

    public static async Task Update(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var filter = await Of(call, cancel);
        var changed = filter with
        {
            Description = Description(call) ?? filter.Description,
            Action = ActionOf(call) ?? filter.Action,
            Rank = RankOf(call) ?? filter.Rank,
            Criteria = Criteria(call) ?? filter.Criteria,
            UpdatedAt = call.Now,
        };
        call.Put(Kinds.Filter, call.Path("FilterName"), changed with { Facts = filter.IsSuppression ? filter.Facts : FactsOf(call, changed) });
        json.WriteString("name", call.Path("FilterName"));
    }

    public static async Task Delete(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Of(call, cancel);
        call.Delete(Kinds.Filter, call.Path("FilterName"));
    }

    private static async Task<Filter> Of(Call call, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        return await call.Get(Kinds.Filter, call.Path("FilterName"), cancel) ?? throw Refuse.NoSuchResource();
    }

    // Callers of GuardDuty's API cannot say who answers for a rule, why and for how long.
    private static RuleFacts? FactsOf(Call call, Filter filter) => filter.IsSuppression ? RuleFacts.ThroughApi(call.Key.Id, call.Now) : null;

    private static string? Description(Call call) => call.Body.TextOrNull("description", 0, 512);

    private static string? ActionOf(Call call) => call.Body.ChoiceOrNull("action", Actions);

    private static int? RankOf(Call call) => call.Body.NumberOrNull("rank", 1, 100);

    private static string? Criteria(Call call)
    {
        if (call.Body.ObjectOrNull("findingCriteria") is not { } criteria) return null;
        criteria.Object("criterion");
        return FindingCriteria.TryParse(Encoding.UTF8.GetBytes(criteria.Json), out _, out var errors)
            ? criteria.Json : throw call.Body.Invalid("findingCriteria", string.Join("; ", errors));
    }
}
