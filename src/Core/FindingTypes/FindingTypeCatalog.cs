using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Yagura.Core.Findings;

namespace Yagura.Core.FindingTypes;

/// <summary>Every active finding type and our own, read from <c>types.txt</c> when it is first asked for.</summary>
public static class FindingTypeCatalog
{
    /// <summary>The release of ATT&amp;CK in which each technique of the catalogue and of the shipped rules exists.</summary>
    /// <remarks>Identifiers move: release 19 takes the tactic Defense Evasion apart, and T1562.008 is T1685.002 there.</remarks>
    public const string AttackRelease = "18.1";

    /// <summary>The release of ATLAS in which each technique that starts with <c>AML.</c> exists.</summary>
    public const string AtlasRelease = "5.6.0";

    /// <summary>The group of our own types, and their threat purpose: the name says that they are not GuardDuty's.</summary>
    public const string OwnGroup = "Yagura";

    /// <summary>Longest text that a placeholder takes, in characters; the rest of a longer value is left away.</summary>
    public const int LongestValue = 256;

    /// <summary>The placeholders of titles and descriptions, each with the word that stands there when the value is unknown.</summary>
    public static readonly FrozenDictionary<string, string> Placeholders = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["account"] = "an account", ["api"] = "an API", ["bucket"] = "a bucket", ["cluster"] = "a cluster", ["database"] = "a database",
        ["domain"] = "a domain", ["function"] = "a function", ["instance"] = "an instance", ["list"] = "a threat list", ["port"] = "(unknown)",
        ["principal"] = "an identity", ["region"] = "a region", ["remoteIp"] = "a remote address", ["resource"] = "a resource",
        ["service"] = "an AWS service",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly Lazy<CatalogEntry[]> Entries = new(Load);
    private static readonly Lazy<FrozenDictionary<string, CatalogEntry>> ByName =
        new(() => Entries.Value.ToFrozenDictionary(entry => entry.Type.Name, StringComparer.Ordinal));

    /// <summary>All types, grouped as in the GuardDuty guide and by name within a group; our own come last.</summary>
    public static IReadOnlyList<CatalogEntry> All => Entries.Value;

    /// <param name="name">The full name of a type, such as <c>Recon:EC2/Portscan</c>.</param>
    public static bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CatalogEntry? entry) =>
        ByName.Value.TryGetValue(name, out entry);

    /// <summary>The title and description of a finding.</summary>
    /// <param name="values">Values by the names of <see cref="Placeholders"/>. A missing or empty one becomes a neutral word. Values may come from
    /// an attacker: braces in them mean nothing, control characters become spaces, and <see cref="LongestValue"/> bounds each.</param>
    public static (string Title, string Description) Describe(CatalogEntry entry, IReadOnlyDictionary<string, string> values) =>
        (Fill(entry.Title, values), Fill(entry.Description, values));

    private static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder(template.Length + 64);
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            if (open < 0)
            {
                text.Append(template, at, template.Length - at);
                break;
            }
            text.Append(template, at, open - at);
            var close = template.IndexOf('}', open);
            var name = template[(open + 1)..close];
            if (values.TryGetValue(name, out var value) && value.Length > 0) AppendValue(text, value);
            else AppendNeutral(text, Placeholders[name]);
            at = close + 1;
        }
        return text.ToString();
    }

    private static void AppendValue(StringBuilder text, string value)
    {
        var length = value.Length;
        if (length > LongestValue) length = char.IsHighSurrogate(value[LongestValue - 2]) ? LongestValue - 2 : LongestValue - 1;
        foreach (var c in value.AsSpan(0, length)) text.Append(char.IsControl(c) ? ' ' : c);
        if (length < value.Length) text.Append('…');
    }

    private static void AppendNeutral(StringBuilder text, string word)
    {
        var startsSentence = text.Length == 0 || (text.Length > 1 && text[^1] == ' ' && text[^2] == '.');
        text.Append(startsSentence ? char.ToUpperInvariant(word[0]) : word[0]).Append(word, 1, word.Length - 1);
    }

    // Blocks of "key value" lines rather than JSON: a person edits the file, a diff shows one type, and reading it costs no JSON machinery at start.
    private static CatalogEntry[] Load()
    {
        using var stream = typeof(FindingTypeCatalog).Assembly.GetManifestResourceStream("Yagura.Core.FindingTypes.types.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var entries = new List<CatalogEntry>(256);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string? name = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] != ' ')
            {
                if (name is not null) entries.Add(Entry(name, fields));
                name = line;
                fields.Clear();
                continue;
            }
            var trimmed = line.AsSpan(2);
            var space = trimmed.IndexOf(' ');
            fields.Add(trimmed[..space].ToString(), trimmed[space..].Trim().ToString());
        }
        entries.Add(Entry(name!, fields));
        return [.. entries];
    }

    private static CatalogEntry Entry(string name, Dictionary<string, string> fields) => new(
        new FindingType(name), fields["group"], List(fields, "sources"), fields.GetValueOrDefault("feature"),
        [.. fields["severity"].Split("; ").Select(Rule)], Enum.Parse<DetectionMethod>(fields["method"]), List(fields, "resource"),
        fields.GetValueOrDefault("action"), [.. List(fields, "role").Select(role => Enum.Parse<ResourceRole>(role, ignoreCase: true))],
        List(fields, "attack"), int.Parse(fields["since"], NumberStyles.None, CultureInfo.InvariantCulture), fields.ContainsKey("custom"),
        fields["title"], fields["description"]);

    private static string[] List(Dictionary<string, string> fields, string key) => fields.TryGetValue(key, out var text) ? text.Split(", ") : [];

    // "High", "High when the port is 9200" or "Varies with the threat that was found".
    private static SeverityRule Rule(string text)
    {
        if (text.StartsWith("Varies", StringComparison.Ordinal)) return new(null, text);
        var when = text.IndexOf(" when ", StringComparison.Ordinal);
        return when < 0 ? new(Enum.Parse<Severity>(text), null) : new(Enum.Parse<Severity>(text.AsSpan(0, when)), text[(when + 6)..]);
    }
}
