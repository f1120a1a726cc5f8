using Yagura.Matching.Conditions;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Reads a rule's <c>detection</c>.</summary>
/// <remarks>Source: Sigma specification 2.1, "Detection": the lines of a map are joined by and, the maps of a list by or, the texts of a list are keywords.</remarks>
internal sealed class DetectionReader(LogSource? source, SigmaOptions options, ProblemList problems)
{
    private readonly FieldReader _fields = new(source, options, problems);

    public SigmaDetection? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node.Place, "detection: expected selections and a condition");
            return null;
        }
        var before = problems.Errors;
        var selections = new Dictionary<string, SigmaSelection>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (entry.Key is "condition" or "timeframe") continue;
            if (Selection(entry) is { } selection) selections.Add(entry.Key, selection);
        }
        if (selections.Count > SigmaLimits.Selections) problems.Error(node.Place, $"detection: {selections.Count:N0} selections; at most {SigmaLimits.Selections:N0} are allowed");
        if (map.Find("timeframe") is { } timeframe) problems.Error(timeframe.KeyPlace, "timeframe belongs to the aggregations of Sigma 1, which Sigma 2 has no more", "write a correlation rule with a timespan");
        if (map.Find("condition") is not { } written)
        {
            problems.Error(node.Place, "detection: condition is missing", selections.Count == 1 ? $"write condition: {selections.Keys.Single()}" : null);
            return null;
        }
        // A selection at fault is not there; what the condition says of it would only repeat that.
        if (problems.Errors > before) return null;
        var condition = new ConditionReader(selections, problems).Read(written.Value);
        return condition is null ? null : new([.. selections.Values], condition.Value.Written, condition.Value.Condition);
    }

    private SigmaSelection? Selection(YamlEntry entry)
    {
        var maps = new List<IReadOnlyList<SigmaItem>>();
        var before = problems.Errors;
        switch (entry.Value)
        {
            case YamlMap map: maps.Add(Map(map)); break;
            case YamlScalar scalar: maps.Add(Keywords(scalar)); break;
            case YamlList list:
                var keywords = new YamlList(list.Place, [.. list.Items.OfType<YamlScalar>()]);
                if (keywords.Items.Count > 0) maps.Add(Keywords(keywords));
                foreach (var item in list.Items)
                {
                    if (item is YamlMap one) maps.Add(Map(one));
                    else if (item is YamlList nested) problems.Error(nested.Place, "a list within a list", "a selection is a map, a list of maps, or a list of keywords");
                }
                break;
        }
        if (maps.TrueForAll(map => map.Count == 0))
        {
            if (problems.Errors == before) problems.Error(entry.KeyPlace, $"the selection {ProblemList.Shown(entry.Key)} is empty");
            return null;
        }
        return new(entry.Key, maps, AnyOf([.. maps.Select(map => AllOf([.. map.Select(item => item.Condition)]))]), entry.KeyPlace.Line);
    }

    private List<SigmaItem> Map(YamlMap map)
    {
        if (map.Entries.Count == 0) problems.Error(map.Place, "an empty map matches everything");
        return [.. map.Entries.Select(entry => Item(entry.Key, entry.KeyPlace, entry.Value)).OfType<SigmaItem>()];
    }

    private List<SigmaItem> Keywords(YamlNode values) => Item("", values.Place, values) is { } item ? [item] : [];

    private SigmaItem? Item(string key, Place place, YamlNode value)
    {
        var path = key.Split('|')[0];
        return _fields.Read(key, place, value) is { } condition ? new(key, path.Length == 0 ? null : path, Shown(value), condition, place.Line) : null;
    }

    private static List<string> Shown(YamlNode value)
    {
        var values = value is YamlList list ? list.Items : [value];
        return [.. values.OfType<YamlScalar>().Take(MostShown).Select(scalar => ProblemList.Shown(scalar.Text))];
    }

    /// <summary>Values of one line that are kept for people.</summary>
    private const int MostShown = 20;

    internal static Condition AnyOf(IReadOnlyList<Condition> parts) => parts.Count == 1 ? parts[0] : new Any(parts);

    internal static Condition AllOf(IReadOnlyList<Condition> parts) => parts.Count == 1 ? parts[0] : new All(parts);
}
