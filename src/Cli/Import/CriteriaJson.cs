using System.Text.Json.Nodes;

namespace Yagura.Cli.Import;

/// <summary>Finding criteria in one spelling: the real service answers with its older and its newer words side by side.</summary>
internal static class CriteriaJson
{
    private static readonly Dictionary<string, string> NewWords = new(StringComparer.Ordinal)
    {
        ["eq"] = "equals", ["neq"] = "notEquals", ["gt"] = "greaterThan", ["gte"] = "greaterThanOrEqual", ["lt"] = "lessThan", ["lte"] = "lessThanOrEqual",
    };

    /// <summary><c>{"criterion":{…}}</c> with fields and conditions in the order of their names; anything else is left as it is.</summary>
    public static JsonObject Normal(JsonObject criteria)
    {
        if (criteria["criterion"] is not JsonObject fields) return (JsonObject)criteria.DeepClone();
        var normal = new JsonObject();
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            normal[name] = value is JsonObject conditions ? Conditions(conditions) : value?.DeepClone();
        return new() { ["criterion"] = normal };
    }

    private static JsonObject Conditions(JsonObject conditions)
    {
        var normal = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (word, value) in conditions)
        {
            var newer = NewWords.GetValueOrDefault(word, word);
            if (word != newer && conditions.ContainsKey(newer)) continue; // said twice
            normal[newer] = value?.DeepClone();
        }
        return new(normal);
    }
}
