using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Yagura.Matching.Sigma.Correlations;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>A file as the set names it in its problems.</summary>
public sealed record NamedSigmaFile(string Name, SigmaFile File);

/// <summary>A problem with the file it is in.</summary>
public sealed record FileProblem(string File, SigmaProblem Problem)
{
    public override string ToString() => $"{File}:{Problem}";
}

/// <summary>A rule with the file it came from.</summary>
public sealed record LoadedRule(string File, SigmaRule Rule)
{
    /// <summary>False for a rule that only feeds correlations (Sigma's <c>generate</c>).</summary>
    public bool StandsAlone { get; init; } = true;
}

/// <summary>A correlation, linked to its rules, with the file it came from.</summary>
public sealed record LoadedCorrelation(string File, Correlation Correlation);

/// <summary>The rules of several files together: correlations find the rules they name, in whichever file these are.</summary>
public sealed record SigmaRuleSet(IReadOnlyList<LoadedRule> Rules, IReadOnlyList<LoadedCorrelation> Correlations, IReadOnlyList<FileProblem> Problems)
{
    public static SigmaRuleSet Empty { get; } = Of([]);

    /// <summary>32 hex digits of all files' names and contents; empty for no files.</summary>
    public string Hash { get; private init; } = "";

    /// <summary>True where there was nothing to read.</summary>
    public bool IsEmpty => Hash.Length == 0 && Problems.Count == 0;

    public bool HasErrors => Problems.Any(problem => problem.Problem.IsError);

    /// <summary>Of the rules, then of the correlations.</summary>
    public IEnumerable<RuleHeader> Headers => Rules.Select(rule => rule.Rule.Header).Concat(Correlations.Select(one => one.Correlation.Definition.Header));

    /// <summary>Puts files together. The order of the files is kept.</summary>
    public static SigmaRuleSet Of(IEnumerable<NamedSigmaFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var all = files.ToList();
        var problems = all.SelectMany(file => file.File.Problems.Select(problem => new FileProblem(file.Name, problem))).ToList();
        var byName = new Dictionary<string, LoadedRule>(StringComparer.Ordinal);
        var rules = all.SelectMany(file => file.File.Rules.Select(rule => new LoadedRule(file.Name, rule))).ToList();
        foreach (var rule in rules)
        {
            foreach (var name in new[] { rule.Rule.Header.Id, rule.Rule.Header.Name })
            {
                if (name is not null && !byName.TryAdd(name, rule))
                    problems.Add(new(rule.File, new(true, rule.Rule.Header.Line, 1, $"another rule is called {ProblemList.Shown(name)} too, in {byName[name].File}", "give each rule an id and a name of its own")));
            }
        }
        var correlationNames = all.SelectMany(file => file.File.Correlations).SelectMany(one => new[] { one.Header.Id, one.Header.Name }).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var correlations = new List<LoadedCorrelation>();
        var silent = new HashSet<LoadedRule>();
        foreach (var file in all)
        {
            foreach (var correlation in file.File.Correlations)
            {
                var list = new ProblemList();
                var linked = Link(correlation, byName, correlationNames, list);
                problems.AddRange(list.All().Select(problem => new FileProblem(file.Name, problem)));
                if (linked is null) continue;
                var version = YamlHash.OfText(string.Join(' ', linked.Select(rule => rule.Rule.Header.Version).Prepend(correlation.Header.Version)));
                correlations.Add(new(file.Name, new(correlation with { Header = correlation.Header with { Version = version } }, [.. linked.Select(rule => rule.Rule)])));
                if (!correlation.Generate) silent.UnionWith(linked);
            }
        }
        problems.AddRange(SameNames(rules, correlations));
        return new([.. rules.Select(rule => silent.Contains(rule) ? rule with { StandsAlone = false } : rule)], correlations, problems) { Hash = HashOf(all) };
    }

    /// <summary>Rules and correlations whose findings could not be told apart: without an id a rule goes by its title.</summary>
    private static IEnumerable<FileProblem> SameNames(IEnumerable<LoadedRule> rules, IEnumerable<LoadedCorrelation> correlations) => rules
        .Select(rule => (rule.File, rule.Rule.Header, IsRule: true)).Concat(correlations.Select(one => (one.File, one.Correlation.Definition.Header, IsRule: false)))
        .GroupBy(one => one.Header.Id ?? one.Header.Title, StringComparer.Ordinal)
        // Rules of one id have been told of already.
        .SelectMany(same => same.Skip(1).Where(one => one.Header.Id is null || !one.IsRule).Select(one => new FileProblem(one.File, new(
            true, one.Header.Line, 1, $"{(one.Header.Id is null ? "the title" : "the id")} is also that of a rule in {same.First().File}", "give each rule an id of its own"))));

    private static string HashOf(IReadOnlyList<NamedSigmaFile> files)
    {
        if (files.Count == 0) return "";
        var text = string.Join('\n', files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.File.Hash:x32} {file.Name}")));
        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text)).ToString("x32", CultureInfo.InvariantCulture);
    }

    private static List<LoadedRule>? Link(SigmaCorrelation correlation, Dictionary<string, LoadedRule> rules, HashSet<string> correlations, ProblemList problems)
    {
        var place = new Place(correlation.Header.Line, 1);
        var linked = new List<LoadedRule>();
        foreach (var name in correlation.RuleNames)
        {
            if (rules.TryGetValue(name, out var rule)) linked.Add(rule);
            else if (correlations.Contains(name)) problems.Error(place, $"{ProblemList.Shown(name)} is a correlation itself; correlations of correlations are not supported", "name the rules that it counts");
            else problems.Error(place, $"no rule is called {ProblemList.Shown(name)}", ProblemList.DidYouMean(name, rules.Keys) ?? "put the rule into the same folder, or mend it where it has errors");
        }
        if (problems.Errors > 0) return null;
        for (var index = 0; index < linked.Count; index++)
        {
            var source = linked[index].Rule.Source;
            var fields = correlation.GroupBy.Concat(correlation.Fields).Select(field => correlation.Aliases.TryGetValue(field, out var byRule) ? byRule[correlation.RuleNames[index]] : field);
            foreach (var field in fields.Where(field => source.KindOf(field) is null))
                problems.Error(place, $"{source.Title}, which {ProblemList.Shown(correlation.RuleNames[index])} is about, has no field {ProblemList.Shown(field)}", source.Nearest(field) is { } nearest ? $"did you mean {nearest}?" : "give it an alias");
        }
        return problems.Errors == 0 ? linked : null;
    }
}
