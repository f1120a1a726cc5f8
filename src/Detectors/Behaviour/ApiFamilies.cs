using System.Collections.Frozen;
using System.Globalization;

namespace Yagura.Detectors.Behaviour;

/// <summary>What an attacker would want with an API.</summary>
/// <param name="Type">The finding type, such as <c>Persistence:IAMUser/AnomalousBehavior</c>; empty where none covers the API.</param>
/// <param name="WorldBits">How surprising a call is where nothing is known: the negative binary logarithm of the share of accounts that see one on a day.</param>
public readonly record struct ApiFamily(string Type, double WorldBits)
{
    /// <summary>An API that no type covers, such as the creation of something harmless.</summary>
    public static ApiFamily None { get; } = new("", 6);
}

/// <summary>Tells the purpose of each management API, from <c>api-families.txt</c>.</summary>
public static class ApiFamilies
{
    private static readonly FrozenDictionary<string, ApiFamily> Exact;
    private static readonly (string Service, string Beginning, ApiFamily Family)[] Beginnings;

    static ApiFamilies()
    {
        using var stream = typeof(ApiFamilies).Assembly.GetManifestResourceStream("Yagura.Detectors.api-families.txt")!;
        using var reader = new StreamReader(stream);
        var exact = new Dictionary<string, ApiFamily>(StringComparer.Ordinal);
        var beginnings = new List<(string, string, ApiFamily)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ');
            var service = words[2].TrimEnd(':');
            var family = new ApiFamily(TypeOf(words[0], service), double.Parse(words[1], CultureInfo.InvariantCulture));
            foreach (var api in words[3..])
            {
                if (api.EndsWith('*')) beginnings.Add((service, api[..^1], family));
                else exact.Add($"{service}:{api}", family);
            }
        }
        Exact = exact.ToFrozenDictionary(StringComparer.Ordinal);
        Beginnings = [.. beginnings];
    }

    /// <summary>The finding types there are.</summary>
    public static IReadOnlyList<string> Types => [.. Exact.Values.Concat(Beginnings.Select(beginning => beginning.Family)).Select(family => family.Type).Where(type => type.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string TypeOf(string purpose, string service)
    {
        if (purpose == "-") return "";
        var dot = purpose.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0 ? $"{purpose[..dot]}:S3/AnomalousBehavior{purpose[dot..]}" : $"{purpose}:{(service == DataService ? "S3" : "IAMUser")}/AnomalousBehavior";
    }

    /// <summary>Stands for the service of calls on the content of buckets.</summary>
    public const string DataService = "s3-data";

    /// <param name="api">Service and name, such as <c>ec2:GetPasswordData</c>; the service is <see cref="DataService"/> for S3 data events.</param>
    public static ApiFamily Of(string api)
    {
        if (Exact.TryGetValue(api, out var family)) return family;
        var colon = api.IndexOf(':', StringComparison.Ordinal);
        foreach (var (service, beginning, its) in Beginnings)
        {
            if ((service == "*" || (service.Length == colon && api.StartsWith(service, StringComparison.Ordinal))) && api.AsSpan(colon + 1).StartsWith(beginning)) return its;
        }
        return ApiFamily.None;
    }
}
