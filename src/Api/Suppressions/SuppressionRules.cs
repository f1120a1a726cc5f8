using System.Text;
using System.Text.Json;
using Yagura.Api.GuardDuty;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;
using Yagura.Matching.Criteria;

namespace Yagura.Api.Suppressions;

/// <summary>The suppression rules, which are kept as filters of GuardDuty with Yagura's own facts beside.</summary>
/// <remarks>What changes a rule returns the change, which whoever asked writes with a record of who it was.</remarks>
public sealed class SuppressionRules(IDocumentStore documents, TimeProvider time)
{
    /// <summary>Longest time that a rule may be given at once: what nobody looks at for a year is forgotten.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    private const int LongestText = 512, LongestOwner = 256;

    /// <summary>The rules by account, region and name; null asks for those of all.</summary>
    public async Task<IReadOnlyList<SuppressionRule>> List(string? account, string? region, CancellationToken cancel = default) =>
        [.. (await documents.List(new(Kinds.Filter.Name, account, region), cancel)).Select(Read).OfType<SuppressionRule>()];

    /// <returns>Null where there is no filter of this name, or one that hides nothing.</returns>
    public async Task<SuppressionRule?> Get(string account, string region, string name, CancellationToken cancel = default) =>
        await documents.Get(KeyOf(account, region, name), cancel) is { } document ? Read(document) : null;

    /// <summary>Administrators with their members, by region.</summary>
    public async Task<IReadOnlyList<(string Administrator, string Member, string Region)>> Members(CancellationToken cancel = default) =>
        [.. (await documents.List(new(Kinds.Member.Name), cancel)).Where(member => Membership.IsMember(Kinds.Member.Read(member))).Select(member => (member.Key.Account, member.Key.Id, member.Key.Region))];

    /// <summary>Where there is a detector.</summary>
    public async Task<IReadOnlyList<(string Account, string Region)>> Detectors(CancellationToken cancel = default) =>
        [.. (await documents.List(new(Kinds.Detector.Name), cancel)).Select(detector => (detector.Key.Account, detector.Key.Region))];

    /// <summary>The findings that rules of an account act on: its own and those of its members.</summary>
    public async Task<FindingScope> ScopeOf(string account, string region, CancellationToken cancel = default) =>
        new(await Membership.AccountsOf(documents, account, region, cancel), region);

    /// <exception cref="SuppressionException">It cannot be made; the message lists every mistake.</exception>
    public async Task<DocumentChange> Add(NewSuppression rule, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        var mistakes = new List<string>();
        if (rule.Account.Length != 12 || !rule.Account.All(char.IsAsciiDigit)) mistakes.Add("account: 12 digits are expected");
        if (rule.Region.Length is 0 or > 64) mistakes.Add("region: one such as eu-west-1 is expected");
        if (!Suppression.IsName(rule.Name)) mistakes.Add("name: 3 to 64 letters, digits, '.', '_' or '-' are allowed");
        Check(rule.Owner, LongestOwner, "owner", "who answers for the rule", mistakes);
        Check(rule.Reason, LongestText, "reason", "why what it hides is harmless", mistakes);
        if (rule.Description?.Length > LongestText) mistakes.Add($"description: at most {LongestText} characters are allowed");
        if (rule.Rank is < 1 or > Filters.Most) mistakes.Add($"rank: a whole number from 1 to {Filters.Most} is expected");
        CheckExpiry(rule.Expires, now, mistakes);
        if (!FindingCriteria.TryParse(rule.Criteria, out var criteria, out var errors)) mistakes.AddRange(errors);
        if (mistakes.Count > 0) throw new SuppressionException(string.Join("; ", mistakes));
        var filters = await documents.List(new(Kinds.Filter.Name, rule.Account, rule.Region), cancel);
        if (filters.Any(filter => filter.Key.Id == rule.Name)) throw new SuppressionException($"name: there is a filter {rule.Name} already");
        if (filters.Count >= Filters.Most) throw new SuppressionException($"an account has at most {Filters.Most} filters in a region");
        var made = new Filter(rule.Description, Filter.Archive, rule.Rank ?? filters.Count + 1, Text(criteria!), rule.Owner, now, now, new Dictionary<string, string>(StringComparer.Ordinal),
            new(rule.Owner, rule.Reason, rule.Expires, rule.Mode, now));
        return new(KeyOf(rule.Account, rule.Region, rule.Name), Kinds.Filter.Write(made), 0);
    }

    /// <summary>Lets a rule hold until another time; whoever does it has looked at what the rule hides.</summary>
    /// <param name="reason">Null for the one before.</param>
    /// <param name="owner">Null for the one before.</param>
    /// <returns>Null where there is no such rule.</returns>
    /// <exception cref="SuppressionException">The time or a text cannot be; the message lists every mistake.</exception>
    public Task<DocumentChange?> Renew(string account, string region, string name, DateTimeOffset expires, string? reason, string? owner, CancellationToken cancel = default)
    {
        var mistakes = new List<string>();
        CheckExpiry(expires, time.GetUtcNow(), mistakes);
        if (reason is not null) Check(reason, LongestText, "reason", "why what it hides is harmless", mistakes);
        if (owner is not null) Check(owner, LongestOwner, "owner", "who answers for the rule", mistakes);
        if (mistakes.Count > 0) throw new SuppressionException(string.Join("; ", mistakes));
        return Change(account, region, name, facts => facts with { Expires = expires, Reason = reason ?? facts.Reason, Owner = owner ?? facts.Owner }, cancel);
    }

    /// <summary>Lets a rule hide, or only count; whoever does it has looked at what the rule hides.</summary>
    /// <inheritdoc cref="Renew"/>
    public Task<DocumentChange?> Switch(string account, string region, string name, SuppressionMode mode, CancellationToken cancel = default) =>
        Change(account, region, name, facts => facts with { Mode = mode }, cancel);

    /// <inheritdoc cref="Renew"/>
    public async Task<DocumentChange?> Remove(string account, string region, string name, CancellationToken cancel = default) =>
        await documents.Get(KeyOf(account, region, name), cancel) is { } document && Kinds.Filter.Read(document).IsSuppression ? new(document.Key, null, document.Version) : null;

    /// <summary>What came of a change that <see cref="Add"/> and its like returned.</summary>
    public static SuppressionRule RuleOf(DocumentChange change) => Read(new(change.Key, change.Json!.Value, 0))!;

    private async Task<DocumentChange?> Change(string account, string region, string name, Func<RuleFacts, RuleFacts> change, CancellationToken cancel)
    {
        if (await documents.Get(KeyOf(account, region, name), cancel) is not { } document || Kinds.Filter.Read(document) is not { IsSuppression: true } filter) return null;
        var now = time.GetUtcNow();
        return new(document.Key, Kinds.Filter.Write(filter with { Facts = change(FactsOf(filter)) with { Reviewed = now }, UpdatedAt = now }), document.Version);
    }

    private static DocumentKey KeyOf(string account, string region, string name) => new(Kinds.Filter.Name, account, region, name);

    private static RuleFacts FactsOf(Filter filter) => filter.Facts ?? RuleFacts.ThroughApi(filter.Owner, filter.CreatedAt);

    private static SuppressionRule? Read(Document document)
    {
        var filter = Kinds.Filter.Read(document);
        if (!filter.IsSuppression) return null;
        var (owner, reason, expires, mode, reviewed) = FactsOf(filter);
        var made = DateTimeOffset.FromUnixTimeMilliseconds(filter.CreatedAt.ToUnixTimeMilliseconds()); // as it is remembered beside what the rule hides
        return new(new(document.Key.Account, document.Key.Region, document.Key.Id, made), filter.Rank, filter.Description, owner, reason, expires, mode, reviewed,
            FindingCriteria.TryParse(Encoding.UTF8.GetBytes(filter.Criteria), out var criteria, out _) ? criteria : null, filter.Criteria);
    }

    private static void Check(string text, int longest, string name, string what, List<string> mistakes)
    {
        if (text.Trim().Length == 0) mistakes.Add($"{name} is missing: {what}");
        else if (text.Length > longest) mistakes.Add($"{name}: at most {longest} characters are allowed");
    }

    private static void CheckExpiry(DateTimeOffset expires, DateTimeOffset now, List<string> mistakes)
    {
        if (expires <= now) mistakes.Add("expires: a time to come is expected");
        else if (expires - now > LongestLife) mistakes.Add($"expires: at most {LongestLife.TotalDays:0} days from now; a rule can be renewed");
    }

    // As the wire spells them, whatever the spelling that they came in.
    private static string Text(FindingCriteria criteria)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("criterion");
            foreach (var condition in criteria.Conditions)
            {
                json.WriteStartObject(condition.Path);
                foreach (var test in condition.Tests)
                {
                    json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName($"{test.Operator}"));
                    if (test.Values.Count == 0)
                    {
                        json.WriteNumberValue(test.Number);
                        continue;
                    }
                    json.WriteStartArray();
                    foreach (var value in test.Values) json.WriteStringValue(value);
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}

/// <summary>A rule as somebody wants it.</summary>
/// <inheritdoc cref="SuppressionRule"/>
/// <param name="Criteria">GuardDuty's finding criteria, JSON.</param>
public sealed record NewSuppression(
    string Account, string Region, string Name, string Owner, string Reason, DateTimeOffset Expires, SuppressionMode Mode, ReadOnlyMemory<byte> Criteria)
{
    /// <summary>Null for behind all others.</summary>
    public int? Rank { get; init; }
    public string? Description { get; init; }
}

/// <summary>A rule cannot be as somebody wants it; the message lists every mistake, for people.</summary>
public sealed class SuppressionException(string message) : Exception(message);
