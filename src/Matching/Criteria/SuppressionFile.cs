using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Yagura.Core.Findings;

namespace Yagura.Matching.Criteria;

/// <summary>A finding that matches is judged harmless and hidden.</summary>
/// <param name="Name">3 to 64 characters: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
/// <param name="Reason">Why it is harmless, 1 to 512 characters; null for criteria that stand alone in a file.</param>
/// <param name="Expires">From this instant on it hides nothing; null where it never ends.</param>
public sealed record Suppression(string Name, string? Reason, string? Owner, DateTimeOffset? Expires, FindingCriteria Criteria)
{
    public bool HoldsAt(DateTimeOffset now) => Expires is not { } end || now < end;

    /// <summary>True for 3 to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public static bool IsName(string name) => name.Length is >= 3 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>A date (until the end of that day in UTC) or a time with its offset.</summary>
    public static bool TryParseExpiry(string text, out DateTimeOffset end)
    {
        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day)
            && day < DateTime.MaxValue.Date)
        {
            end = new(day.AddDays(1), TimeSpan.Zero);
            return true;
        }
        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out end);
    }
}

/// <summary>The suppression rules of a file: a list of rules, or one criteria object.</summary>
/// <remarks><code>
/// [{"name": "bastion", "reason": "our scanner", "owner": "alice", "expires": "2026-12-31", "criterion": {"type": {"equals": ["Recon:EC2/Portscan"]}}}]
/// </code>
/// Comments and trailing commas are allowed, since people write it.</remarks>
public sealed class SuppressionFile
{
    /// <summary>Most rules in one file.</summary>
    public const int MostRules = 1_000;

    private readonly Matcher<int> _matcher = new(); // by place in the list

    private SuppressionFile(IReadOnlyList<Suppression> rules)
    {
        Rules = rules;
        for (var place = 0; place < rules.Count; place++) _matcher.Add(place, rules[place].Criteria.ToCondition());
    }

    public IReadOnlyList<Suppression> Rules { get; }

    /// <param name="errors">Every mistake, each naming its rule and place. Never throws on bad input.</param>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out SuppressionFile? file, out IReadOnlyList<string> errors) =>
        CriteriaReader.TryRead(json, Read, out file, out errors);

    /// <summary>The first rule that hides the finding at <paramref name="now"/>; null where none does.</summary>
    public Suppression? RuleFor(Finding finding, DateTimeOffset now)
    {
        if (Rules.Count == 0) return null;
        List<int> hits = [];
        _matcher.Match(FindingJson.ToUtf8(finding), new MatchBuffer(), hits);
        hits.Sort();
        return hits.Select(place => Rules[place]).FirstOrDefault(rule => rule.HoldsAt(now));
    }

    private static SuppressionFile? Read(CriteriaReader reader, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            return reader.Criteria(root, "") is { } criteria && !reader.HasFailed ? new([new("criteria", null, null, null, criteria)]) : null;
        }
        if (root.ValueKind != JsonValueKind.Array)
        {
            reader.Fail("expected a list of rules, or one object with the key \"criterion\"");
            return null;
        }
        if (root.GetArrayLength() > MostRules)
        {
            reader.Fail($"{root.GetArrayLength()} rules; at most {MostRules} are allowed");
            return null;
        }
        var rules = new List<Suppression>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in root.EnumerateArray())
        {
            var rule = Rule(reader, item, rules.Count + 1);
            if (rule.Name.Length > 0 && !names.Add(rule.Name)) reader.Fail($"rule {rules.Count + 1}: the name {rule.Name} stands here twice");
            rules.Add(rule);
        }
        return reader.HasFailed ? null : new(rules);
    }

    private static Suppression Rule(CriteriaReader reader, JsonElement item, int number)
    {
        var place = $"rule {number}";
        string? name = null, reason = null, owner = null;
        DateTimeOffset? expires = null;
        List<FindingCondition>? conditions = null;
        if (item.ValueKind != JsonValueKind.Object) reader.Fail($"{place}: expected an object");
        else
        {
            foreach (var member in item.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "name": name = Text(reader, member.Value, $"{place}, name"); break;
                    case "reason": reason = Text(reader, member.Value, $"{place}, reason"); break;
                    case "owner": owner = Text(reader, member.Value, $"{place}, owner"); break;
                    case "expires": expires = Text(reader, member.Value, $"{place}, expires") is { } end ? reader.Expiry(end, $"{place}, expires") : null; break;
                    case "criterion" or "Criterion": conditions = reader.Conditions(member.Value, $"{place}, "); break;
                    default: reader.Fail($"{place}: unknown key {CriteriaReader.Shown(member.Name)}; known are name, reason, owner, expires, criterion"); break;
                }
            }
            if (name is { Length: > 0 } && !Suppression.IsName(name)) reader.Fail($"{place}, name: 3 to 64 letters, digits, '.', '_' or '-' are allowed");
            if (name is null) reader.Fail($"{place}: name is missing");
            if (reason is null) reader.Fail($"{place}: reason is missing; whoever reads the rule later has to judge whether it still holds");
            if (conditions is null) reader.Fail($"{place}: criterion is missing");
        }
        return new(name ?? "", reason, owner, expires, new(conditions ?? []));
    }

    private static string? Text(CriteriaReader reader, JsonElement value, string place)
    {
        const int Longest = 512; // GuardDuty's limit for the description of a filter
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= Longest } text) return text;
        reader.Fail($"{place}: expected a text of 1 to {Longest} characters");
        return "";
    }
}
