using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Reads what a rule says of itself.</summary>
internal sealed class HeaderReader(ProblemList problems)
{
    private const int LongestTitle = 256, LongestText = 65_535, MostTexts = 1_000;

    public RuleHeader Read(YamlMap map)
    {
        var title = Text(map, "title", LongestTitle);
        if (string.IsNullOrWhiteSpace(title)) problems.Error(map.Place, "title is missing");
        var header = new RuleHeader
        {
            Title = title ?? "", Id = Text(map, "id", LongestTitle), Name = Text(map, "name", LongestTitle), Description = Text(map, "description", LongestText) ?? "",
            License = Text(map, "license", LongestTitle), Author = Text(map, "author", LongestText), Date = Text(map, "date", LongestTitle), Modified = Text(map, "modified", LongestTitle),
            References = Texts(map, "references"), Tags = Texts(map, "tags"), FalsePositives = Texts(map, "falsepositives"), Fields = Texts(map, "fields"),
            Status = Word<SigmaStatus>(map, "status", SigmaStatus.Unknown), Level = Word(map, "level", SigmaLevel.Medium),
            Yagura = map.Find("yagura") is { } entry ? new YaguraReader(this, problems).Read(entry.Value) : YaguraKeys.None, Line = map.Place.Line,
        };
        if (header.Id is { } id && !Guid.TryParse(id, out _)) problems.Warn(map.Find("id")!.Value.Place, $"the id {ProblemList.Shown(id)} is no UUID, so another rule may have it too");
        if (header.Status is SigmaStatus.Deprecated or SigmaStatus.Unsupported) problems.Warn(map.Find("status")!.Value.Place, $"its author calls the rule {header.Status.ToString().ToLowerInvariant()}");
        foreach (var tag in header.Tags.Where(tag => !tag.Contains('.', StringComparison.Ordinal) || tag.Contains(' ', StringComparison.Ordinal)))
            problems.Warn(map.Find("tags")!.Value.Place, $"the tag {ProblemList.Shown(tag)} has no namespace", "write attack.t1562.008");
        return header;
    }

    /// <summary>A text of a map; null where there is none, which is no mistake.</summary>
    public string? Text(YamlMap map, string key, int longest)
    {
        if (map.Find(key) is not { } entry) return null;
        if (entry.Value is not YamlScalar { Text: var text }) problems.Error(entry.Value.Place, $"{key}: expected a text");
        else if (text.Length > longest) problems.Error(entry.Value.Place, $"{key}: {text.Length:N0} characters; at most {longest:N0} are allowed");
        else return text;
        return null;
    }

    /// <summary>Texts of a map: a list, or one text alone.</summary>
    public IReadOnlyList<string> Texts(YamlMap map, string key)
    {
        if (map.Find(key) is not { } entry) return [];
        if (entry.Value is YamlScalar { IsPlain: true, Text: "" or "null" or "~" }) return [];
        var items = entry.Value is YamlList list ? list.Items : [entry.Value];
        if (items.Count > MostTexts) problems.Error(entry.Value.Place, $"{key}: {items.Count:N0} texts; at most {MostTexts:N0} are allowed");
        foreach (var item in items.Where(item => item is not YamlScalar)) problems.Error(item.Place, $"{key}: expected a text", "a text with a colon stands in quotes");
        return [.. items.OfType<YamlScalar>().Select(scalar => scalar.Text)];
    }

    /// <summary>One of the words of an enum, in lower case.</summary>
    public T Word<T>(YamlMap map, string key, T otherwise) where T : struct, Enum
    {
        if (Text(map, key, LongestTitle) is not { } word) return otherwise;
        var known = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).Where(name => name != "unknown").ToList();
        var index = known.IndexOf(word);
        if (index >= 0) return Enum.Parse<T>(known[index], ignoreCase: true);
        problems.Error(map.Find(key)!.Value.Place, $"{key}: unknown word {ProblemList.Shown(word)}", ProblemList.DidYouMean(word, known) ?? $"known are {string.Join(", ", known)}");
        return otherwise;
    }
}
