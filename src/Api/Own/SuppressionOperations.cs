using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Yagura.Api.GuardDuty;
using Yagura.Api.Suppressions;
using Yagura.Api.Wire;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;
using Yagura.Matching.Criteria;

namespace Yagura.Api.Own;

/// <summary>Suppression rules of the caller's account and region, with what GuardDuty does not know of them.</summary>
internal static class SuppressionOperations
{
    private const int MostHits = 1_000;

    private static readonly string[] Modes = ["active", "shadow"];

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        call.WritePage(json, "suppressions", await ReportOf(call).List(call.Account, call.Region, cancel), one => one.Rule.Key.Name, (json, one) =>
        {
            json.WriteStartObject();
            SuppressionJson.Write(json, one);
            json.WriteEndObject();
        });

    public static async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel) => SuppressionJson.Write(json, await Of(call, cancel));

    public static async Task Hits(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var rule = (await Of(call, cancel)).Rule;
        var most = call.QueryNumber("maxResults", 1, MostHits) ?? 100;
        var page = await HitsOf(call).List(rule.Key, Paging.Token(call) is { } token ? PlaceOf(token) : null, most + 1, cancel);
        json.WriteStartArray("hits");
        foreach (var hidden in page.Take(most))
        {
            json.WriteStartObject();
            SuppressionJson.Write(json, hidden);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (page.Count > most) json.WriteString("nextToken", TokenOf(page[most - 1]));
    }

    public static async Task Preview(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        await Preview(call, Encoding.UTF8.GetBytes((await Of(call, cancel)).Rule.CriteriaJson), json, cancel);

    public static Task PreviewCriteria(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var criteria = Encoding.UTF8.GetBytes(call.Body.Object("findingCriteria").Json);
        return FindingCriteria.TryParse(criteria, out _, out var errors) ? Preview(call, criteria, json, cancel) : throw call.Body.Invalid("findingCriteria", string.Join("; ", errors));
    }

    public static async Task Add(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Membership.RefuseMember(call, cancel);
        var rule = new NewSuppression(
            call.Account, call.Region, call.Body.Text("name", 3, 64), call.Body.Text("owner", 1, 256), call.Body.Text("reason", 1, 512), ExpiryOf(call), ModeOf(call),
            Encoding.UTF8.GetBytes(call.Body.Object("findingCriteria").Json))
        {
            Rank = call.Body.NumberOrNull("rank", 1, Filters.Most), Description = call.Body.TextOrNull("description", 0, 512),
        };
        await Change(call, json, rules => Some(rules.Add(rule, cancel)));
    }

    public static Task Renew(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var (expires, reason, owner) = (ExpiryOf(call), call.Body.TextOrNull("reason", 1, 512), call.Body.TextOrNull("owner", 1, 256));
        return Change(call, json, rules => rules.Renew(call.Account, call.Region, call.Path("Name"), expires, reason, owner, cancel));
    }

    public static Task Shadow(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        Change(call, json, rules => rules.Switch(call.Account, call.Region, call.Path("Name"), SuppressionMode.Shadow, cancel));

    public static Task Activate(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        Change(call, json, rules => rules.Switch(call.Account, call.Region, call.Path("Name"), SuppressionMode.Active, cancel));

    public static Task Remove(Call call, Utf8JsonWriter json, CancellationToken cancel) => Change(call, json, rules => rules.Remove(call.Account, call.Region, call.Path("Name"), cancel));

    private static async Task Change(Call call, Utf8JsonWriter json, Func<SuppressionRules, Task<DocumentChange?>> change)
    {
        DocumentChange made;
        try
        {
            made = await change(RulesOf(call)) ?? throw Refuse.NotFound($"There is no suppression rule {call.Path("Name")}.");
        }
        catch (SuppressionException mistake)
        {
            throw Refuse.BadRequest($"The request is rejected: {mistake.Message}.");
        }
        call.Put(made);
        if (made.Json is null) return;
        var rule = SuppressionRules.RuleOf(made);
        json.WriteString("name", rule.Key.Name);
        json.WriteString("state", $"{rule.StateAt(call.Now)}".ToLowerInvariant());
        Times.WriteIso(json, "expires", rule.Expires);
    }

    private static async Task<DocumentChange?> Some(Task<DocumentChange> change) => await change;

    private static async Task Preview(Call call, byte[] criteria, Utf8JsonWriter json, CancellationToken cancel)
    {
        var scope = await RulesOf(call).ScopeOf(call.Account, call.Region, cancel);
        SuppressionJson.Write(json, await SuppressionPreview.Of(new SearchedFindings(call.Backend.Findings), scope, criteria, cancel));
    }

    private static async Task<ReportedSuppression> Of(Call call, CancellationToken cancel) =>
        await ReportOf(call).Get(call.Account, call.Region, call.Path("Name"), cancel) ?? throw Refuse.NotFound($"There is no suppression rule {call.Path("Name")}.");

    private static SuppressionRules RulesOf(Call call) => new(call.Backend.Documents, call.Backend.Time);

    private static SuppressionReport ReportOf(Call call) => new(RulesOf(call), HitsOf(call), call.Backend.Time);

    private static ISuppressionHits HitsOf(Call call) => call.Backend.Hits ?? throw new InvalidOperationException("this server does not remember what rules hide");

    private static DateTimeOffset ExpiryOf(Call call) =>
        Suppression.TryParseExpiry(call.Body.Text("expires", 1, 40), out var end) ? end : throw call.Body.Invalid("expires", "a date (2026-12-31) or a time (2026-12-31T00:00:00Z) is expected");

    private static SuppressionMode ModeOf(Call call) => call.Body.ChoiceOrNull("mode", Modes) == "shadow" ? SuppressionMode.Shadow : SuppressionMode.Active;

    // Pages go by when a rule met a finding last, then by the finding.
    private static string TokenOf(HiddenFinding last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Last.ToUnixTimeMilliseconds()} {last.FindingId}")));

    private static HiddenFinding PlaceOf(string token)
    {
        var bytes = new byte[token.Length];
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes.AsSpan(0, length)).Split(' ') is [var time, var id]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? new(id, "", 0, default, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), 0, 0)
                : throw Refuse.Invalid("nextToken", "it is not one that this operation gave out");
    }
}
