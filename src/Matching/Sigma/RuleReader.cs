using Yagura.Matching.Sigma.Correlations;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Matching.Sigma.Testing;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Reads one document: a rule or a correlation.</summary>
internal sealed class RuleReader(SigmaOptions options, ProblemList problems)
{
    private static readonly string[] Known =
    [
        "author", "correlation", "date", "description", "detection", "falsepositives", "fields", "generate", "id", "level", "license", "logsource", "modified", "name", "references",
        "related", "scope", "status", "tags", "taxonomy", "tests", "title", "yagura",
    ];

    /// <returns>A <see cref="SigmaRule"/> or a <see cref="SigmaCorrelation"/>; null where it cannot be used, and the problems say why.</returns>
    public object? Read(YamlNode document)
    {
        if (document is not YamlMap map)
        {
            problems.Error(document.Place, "expected a rule: a map of title, logsource, detection and so on");
            return null;
        }
        var before = problems.Errors;
        foreach (var entry in map.Entries) Unusual(entry);
        var header = new HeaderReader(problems).Read(map) with { Version = VersionOf(map) };
        if (map.Find("action") is { } action) problems.Error(action.KeyPlace, "collections (action) are of Sigma 1, and Sigma 2 has none", "write each rule out");
        if (map.Find("filter") is { } filter) problems.Error(filter.KeyPlace, "a Sigma filter, which changes other rules, is not supported", "write the exclusion into the rule as a selection, or suppress its findings");
        object? read = map.Find("correlation") is { } correlation
            ? new CorrelationReader(problems).Read(header, map, correlation)
            : map.Find("filter") is null ? Rule(header, map) : null;
        return problems.Errors == before ? read : null;
    }

    private string VersionOf(YamlMap map)
    {
        var yagura = map.Find("yagura")?.Value as YamlMap;
        var written = YamlHash.Of(
            new[] { "logsource", "detection", "correlation" }.Select(key => map.Find(key)?.Value)
                .Concat(new[] { "type", "resource", "dedup" }.Select(key => yagura?.Find(key)?.Value)));
        return options.Key.Length == 0 ? written : YamlHash.OfText(written + options.Key);
    }

    private SigmaRule? Rule(RuleHeader header, YamlMap map)
    {
        var source = map.Find("logsource") is { } logsource ? Source(logsource.Value) : Missing<LogSource>(map, "logsource", "write logsource: {product: aws, service: cloudtrail}");
        // Where the log is unknown its fields are too: what is left is read for its own mistakes.
        var detection = map.Find("detection") is { } entry ? new DetectionReader(source, options, problems).Read(entry.Value) : Missing<SigmaDetection>(map, "detection", "write selections and a condition");
        if (source is not null) CheckFields(header, map, source);
        var tests = map.Find("tests") is { } written ? new RuleTestReader(source, problems).Read(written.Value) : [];
        return source is null || detection is null ? null : new(header, source, detection, tests);
    }

    private void CheckFields(RuleHeader header, YamlMap map, LogSource source)
    {
        if (map.Find("yagura")?.Value is not YamlMap yagura) return;
        var paths = header.Yagura.Dedup.ToList();
        if (header.Yagura.Resource?.Id is { } id) paths.Add(id);
        foreach (var path in paths.Where(path => source.KindOf(path) is null))
            problems.Error(yagura.Place, $"yagura: {source.Title} has no field {ProblemList.Shown(path)}", source.Nearest(path) is { } nearest ? $"did you mean {nearest}?" : null);
    }

    private LogSource? Source(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node.Place, "logsource: expected a map of product and service");
            return null;
        }
        string? product = Text(map, "product"), service = Text(map, "service"), category = Text(map, "category");
        if (SigmaLogSources.Find(product, service) is { } source) return source;
        var asked = string.Join(", ", new[] { ("category", category), ("product", product), ("service", service) }.Where(part => part.Item2 is not null).Select(part => $"{part.Item1} {ProblemList.Shown(part.Item2!)}"));
        var known = string.Join(", ", SigmaLogSources.All.Where(one => product != "aws" || one.Product == product).Select(one => one.Service));
        if (product == "aws" && service is not null) problems.Error(map.Place, $"logsource: {ProblemList.Shown(service)} is no log of AWS that is read here", ProblemList.DidYouMean(service, SigmaLogSources.All.Select(one => one.Service)) ?? $"known are {known}");
        else if (product == "aws") problems.Error(map.Place, "logsource: the service is missing", $"known are {known}");
        else problems.Error(map.Place, $"logsource: {(asked.Length == 0 ? "nothing is named" : asked + " is no log that is read here")}", $"product aws with one of the services {known}");
        return null;
    }

    private string? Text(YamlMap map, string key)
    {
        if (map.Find(key) is not { } entry) return null;
        if (entry.Value is YamlScalar scalar) return scalar.Text;
        problems.Error(entry.Value.Place, $"logsource: {key} is a text");
        return null;
    }

    private T? Missing<T>(YamlMap map, string key, string suggestion) where T : class
    {
        problems.Error(map.Place, $"{key} is missing", suggestion);
        return null;
    }

    // A rule may have keys of its own, so only one that looks like a known key is worth a word.
    private void Unusual(YamlEntry entry)
    {
        if (Known.Contains(entry.Key, StringComparer.Ordinal) || entry.Key is "action" or "filter") return;
        if (!problems.IsFull && ProblemList.DidYouMean(entry.Key, Known) is { } suggestion) problems.Warn(entry.KeyPlace, $"unknown key {ProblemList.Shown(entry.Key)}", suggestion);
    }
}
