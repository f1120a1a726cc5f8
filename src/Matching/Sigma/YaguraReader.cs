using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Reads the key <c>yagura</c>. What is not known here is a mistake, since nobody else defines it.</summary>
internal sealed class YaguraReader(HeaderReader header, ProblemList problems)
{
    private const int LongestWord = 256, LongestGuide = 65_535, MostFindings = 1_000_000;

    private static readonly string[] Known = ["attack", "budget", "dedup", "guide", "owner", "resource", "type"];

    public YaguraKeys Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node.Place, $"yagura: expected a map of {string.Join(", ", Known)}");
            return YaguraKeys.None;
        }
        foreach (var entry in map.Entries.Where(entry => !Known.Contains(entry.Key, StringComparer.Ordinal)))
            problems.Error(entry.KeyPlace, $"yagura: unknown key {ProblemList.Shown(entry.Key)}", ProblemList.DidYouMean(entry.Key, Known) ?? $"known are {string.Join(", ", Known)}");
        return new()
        {
            Type = Type(map), Resource = Resource(map), Dedup = header.Texts(map, "dedup"), Budget = Budget(map),
            Attack = header.Text(map, "attack", LongestWord), Guide = header.Text(map, "guide", LongestGuide), Owner = header.Text(map, "owner", LongestWord),
        };
    }

    private FindingType? Type(YamlMap map)
    {
        if (header.Text(map, "type", LongestWord) is not { } name) return null;
        if (FindingType.IsWellFormed(name) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '/' or '.' or '!' or '&' or '-')) return new FindingType(name);
        problems.Error(map.Find("type")!.Value.Place, $"yagura: {ProblemList.Shown(name)} is no finding type", "write Purpose:Resource/Name, such as Custom:IAMUser/GuardrailChanged");
        return null;
    }

    private ResourceMapping? Resource(YamlMap map)
    {
        if (map.Find("resource") is not { } entry) return null;
        if (entry.Value is not YamlMap resource)
        {
            problems.Error(entry.Value.Place, "yagura: resource: expected a map of type and id", "write resource: {type: bucket, id: requestParameters.bucketName}");
            return null;
        }
        foreach (var unknown in resource.Entries.Where(one => one.Key is not ("type" or "id"))) problems.Error(unknown.KeyPlace, $"yagura: resource: unknown key {ProblemList.Shown(unknown.Key)}", "known are type, id");
        var id = header.Text(resource, "id", LongestWord);
        switch (header.Text(resource, "type", LongestWord))
        {
            case "caller": return new(ResourceType.AccessKey, id);
            case "instance": return new(ResourceType.Instance, id);
            case "bucket": return new(ResourceType.S3Bucket, id);
            case null: problems.Error(resource.Place, "yagura: resource: type is missing", "known are caller, instance, bucket"); return null;
            case var other: problems.Error(resource.Find("type")!.Value.Place, $"yagura: resource: unknown type {ProblemList.Shown(other)}", ProblemList.DidYouMean(other, ["caller", "instance", "bucket"]) ?? "known are caller, instance, bucket"); return null;
        }
    }

    private NoiseBudget? Budget(YamlMap map)
    {
        if (header.Text(map, "budget", LongestWord) is not { } text) return null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        TimeSpan? per = words is [_, "per", var unit] ? unit switch { "day" => TimeSpan.FromDays(1), "week" => TimeSpan.FromDays(7), "month" => TimeSpan.FromDays(30), _ => null } : null;
        if (per is { } time && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var findings) && findings <= MostFindings) return new(findings, time);
        problems.Error(map.Find("budget")!.Value.Place, $"yagura: budget: {ProblemList.Shown(text)} is no number of findings in a time", "write 3 per week (day, week, month)");
        return null;
    }
}
