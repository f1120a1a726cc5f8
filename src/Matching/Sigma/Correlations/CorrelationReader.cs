using System.Globalization;
using Yagura.Matching.Sigma.Testing;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma.Correlations;

/// <summary>Reads a correlation. Source: Sigma correlation rules specification 2.1, "Correlation section".</summary>
internal sealed class CorrelationReader(ProblemList problems)
{
    private const int LongestWord = 256;
    private static readonly string[] Known = ["aliases", "condition", "generate", "group-by", "rules", "timespan", "type"];
    private static readonly string[] Kinds = ["event_count", "value_count", "temporal", "temporal_ordered"];
    private static readonly string[] OfNumbers = ["value_sum", "value_avg", "value_percentile", "value_median"];

    private readonly HeaderReader _header = new(problems);

    public SigmaCorrelation? Read(RuleHeader header, YamlMap document, YamlEntry entry)
    {
        if (entry.Value is not YamlMap map)
        {
            problems.Error(entry.Value.Place, $"correlation: expected a map of {string.Join(", ", Known)}");
            return null;
        }
        var before = problems.Errors;
        foreach (var unknown in map.Entries.Where(one => !Known.Contains(one.Key, StringComparer.Ordinal)))
            problems.Error(unknown.KeyPlace, $"correlation: unknown key {ProblemList.Shown(unknown.Key)}", ProblemList.DidYouMean(unknown.Key, Known) ?? $"known are {string.Join(", ", Known)}");
        var kind = Kind(map);
        var rules = Rules(map);
        var groups = _header.Texts(map, "group-by");
        if (groups.Count > CorrelationLimits.GroupFields) problems.Error(map.Find("group-by")!.Value.Place, $"group-by: {groups.Count} fields; at most {CorrelationLimits.GroupFields} are allowed");
        var aliases = Aliases(map, rules, groups);
        var timespan = Timespan(map);
        var (condition, fields) = Condition(map, kind, rules.Count);
        var generate = Generate(map) || Generate(document);
        var tests = document.Find("tests") is { } written ? new RuleTestReader(null, problems).Read(written.Value) : [];
        return problems.Errors > before ? null : new(header, kind, rules, groups, aliases, timespan, condition, fields, generate, tests);
    }

    private CorrelationKind Kind(YamlMap map)
    {
        switch (_header.Text(map, "type", LongestWord))
        {
            case "event_count": return CorrelationKind.EventCount;
            case "value_count": return CorrelationKind.ValueCount;
            case "temporal": return CorrelationKind.Temporal;
            case "temporal_ordered": return CorrelationKind.TemporalOrdered;
            case null: problems.Error(map.Place, "correlation: type is missing", $"known are {string.Join(", ", Kinds)}"); break;
            case var other when OfNumbers.Contains(other, StringComparer.Ordinal):
                problems.Error(map.Find("type")!.Value.Place, $"correlation: {other} is not supported: a sum that the same event must not enter twice needs all events kept", $"known are {string.Join(", ", Kinds)}");
                break;
            case var other: problems.Error(map.Find("type")!.Value.Place, $"correlation: unknown type {ProblemList.Shown(other)}", ProblemList.DidYouMean(other, Kinds) ?? $"known are {string.Join(", ", Kinds)}"); break;
        }
        return CorrelationKind.EventCount;
    }

    private IReadOnlyList<string> Rules(YamlMap map)
    {
        var rules = _header.Texts(map, "rules");
        var place = map.Find("rules")?.Value.Place ?? map.Place;
        if (rules.Count == 0) problems.Error(place, "correlation: rules is missing", "name the rules by their name or id");
        if (rules.Count > CorrelationLimits.Rules) problems.Error(place, $"rules: {rules.Count} rules; at most {CorrelationLimits.Rules} are allowed");
        foreach (var twice in rules.GroupBy(rule => rule, StringComparer.Ordinal).Where(group => group.Count() > 1)) problems.Error(place, $"rules: {ProblemList.Shown(twice.Key)} stands twice");
        return rules;
    }

    private Dictionary<string, IReadOnlyDictionary<string, string>> Aliases(YamlMap map, IReadOnlyList<string> rules, IReadOnlyList<string> groups)
    {
        var aliases = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (map.Find("aliases") is not { } entry) return aliases;
        if (entry.Value is not YamlMap named)
        {
            problems.Error(entry.Value.Place, "aliases: expected a map of aliases");
            return aliases;
        }
        foreach (var alias in named.Entries)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            if (alias.Value is not YamlMap byRule) problems.Error(alias.Value.Place, $"aliases: {ProblemList.Shown(alias.Key)}: expected a field for each rule");
            else
            {
                foreach (var one in byRule.Entries)
                {
                    if (!rules.Contains(one.Key, StringComparer.Ordinal)) problems.Error(one.KeyPlace, $"aliases: {ProblemList.Shown(one.Key)} is none of the correlation's rules", ProblemList.DidYouMean(one.Key, rules));
                    if (one.Value is YamlScalar field) fields.Add(one.Key, field.Text);
                    else problems.Error(one.Value.Place, "aliases: expected the path of a field");
                }
                foreach (var rule in rules.Where(rule => !fields.ContainsKey(rule))) problems.Error(alias.KeyPlace, $"aliases: {ProblemList.Shown(alias.Key)} has no field for the rule {ProblemList.Shown(rule)}");
            }
            if (!groups.Contains(alias.Key, StringComparer.Ordinal)) problems.Warn(alias.KeyPlace, $"group-by does not name the alias {ProblemList.Shown(alias.Key)}");
            aliases.Add(alias.Key, fields);
        }
        return aliases;
    }

    private TimeSpan Timespan(YamlMap map)
    {
        if (_header.Text(map, "timespan", LongestWord) is not { } text)
        {
            problems.Error(map.Place, "correlation: timespan is missing", "write timespan: 10m (s, m, h, d)");
            return TimeSpan.Zero;
        }
        var place = map.Find("timespan")!.Value.Place;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 || text[^1] is not ('s' or 'm' or 'h' or 'd'))
        {
            problems.Error(place, $"timespan: {ProblemList.Shown(text)} is no time", "write a number and one of s, m, h, d: 90m");
            return TimeSpan.Zero;
        }
        var seconds = (long)number * text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 86_400 };
        if (seconds > CorrelationLimits.Timespan.TotalSeconds) problems.Error(place, $"timespan: at most {CorrelationLimits.Timespan.TotalDays} days are allowed");
        return TimeSpan.FromSeconds(Math.Min(seconds, (long)CorrelationLimits.Timespan.TotalSeconds));
    }

    private (CountCondition, IReadOnlyList<string>) Condition(YamlMap map, CorrelationKind kind, int rules)
    {
        var whole = new CountCondition(rules);
        if (map.Find("condition") is not { } entry)
        {
            if (kind is CorrelationKind.EventCount or CorrelationKind.ValueCount) problems.Error(map.Place, "correlation: condition is missing", "write condition: {gte: 10}");
            return (whole, []);
        }
        if (kind == CorrelationKind.TemporalOrdered) problems.Error(entry.KeyPlace, "temporal_ordered needs all of its rules in their order, so it takes no condition");
        if (entry.Value is not YamlMap condition)
        {
            problems.Error(entry.Value.Place, "condition: expected a comparison such as gte: 10");
            return (whole, []);
        }
        long least = 0, most = long.MaxValue;
        long? except = null;
        foreach (var bound in condition.Entries.Where(bound => bound.Key != "field"))
        {
            if (Number(bound) is not { } number) continue;
            switch (bound.Key)
            {
                case "gt": least = Math.Max(least, number + 1); break;
                case "gte": least = Math.Max(least, number); break;
                case "lt": most = Math.Min(most, number - 1); break;
                case "lte": most = Math.Min(most, number); break;
                case "eq": (least, most) = (Math.Max(least, number), Math.Min(most, number)); break;
                case "neq": except = number; break;
                default: problems.Error(bound.KeyPlace, $"condition: unknown comparison {ProblemList.Shown(bound.Key)}", "known are gt, gte, lt, lte, eq, neq"); break;
            }
        }
        if (condition.Entries.All(bound => bound.Key == "field")) problems.Error(condition.Place, "condition: no comparison", "write gte: 10");
        else if (most < Math.Max(least, 1)) problems.Error(condition.Place, "condition: no count of one or more fulfils it");
        var fields = _header.Texts(condition, "field");
        if (kind == CorrelationKind.ValueCount && fields.Count == 0) problems.Error(condition.Place, "condition: value_count needs the field whose values are counted", "write field: sourceIPAddress");
        if (kind != CorrelationKind.ValueCount && fields.Count > 0) problems.Error(condition.Find("field")!.KeyPlace, "condition: only value_count counts the values of a field");
        // Nothing is ever seen of a group without events, so a count is one or more.
        return (new(Math.Max(least, 1), most == long.MaxValue ? null : most, except), fields);
    }

    private long? Number(YamlEntry bound)
    {
        if (bound.Value is YamlScalar { Text: var text } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= CorrelationLimits.Count) return number;
        problems.Error(bound.Value.Place, $"condition: expected a whole number up to {CorrelationLimits.Count:N0}");
        return null;
    }

    private bool Generate(YamlMap map)
    {
        switch (_header.Text(map, "generate", LongestWord))
        {
            case null or "false": return false;
            case "true": return true;
            default: problems.Error(map.Find("generate")!.Value.Place, "generate takes true or false"); return false;
        }
    }
}
