using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Yagura.Intel;

/// <summary>Where lists are fetched from. The shipped table is <c>feeds.yaml</c> beside this file; a user's own has the same shape.</summary>
public sealed partial record FeedTable(IReadOnlyList<Feed> Feeds)
{
    private static readonly string[] Fields = ["name", "url", "category", "format", "threat", "licence", "every-hours", "max-age-days"];

    /// <summary>Lists that may be used freely; none is fetched before somebody asks.</summary>
    public static FeedTable Shipped()
    {
        using var stream = typeof(FeedTable).Assembly.GetManifestResourceStream("Yagura.Intel.feeds.yaml")!;
        return Parse(new StreamReader(stream).ReadToEnd(), "feeds.yaml");
    }

    /// <summary>Reads a table from a file.</summary>
    /// <exception cref="IntelException">The file cannot be read, or is no table; all mistakes in one message.</exception>
    public static FeedTable Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new IntelException($"{path}: {failed.Message}");
        }
    }

    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="IntelException">All mistakes of the table.</exception>
    public static FeedTable Parse(string text, string source)
    {
        var mistakes = new StringBuilder();
        var feeds = new List<Feed>();
        foreach (var row in YamlTable.Read(text, source, "feeds", Fields))
        {
            if (row["name"] is not { } name || !FeedName().IsMatch(name))
            {
                Mistake(row, "\"name\" must be 1 to 64 of a-z, 0-9, \"-\", \"_\" and start with a letter or digit");
                continue;
            }
            var url = Uri.TryCreate(row["url"], UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" ? absolute : null;
            var format = default(ListFormat);
            var role = default(FileRole);
            if (url is null) Mistake(row, $"\"url\" of {name} must begin with http:// or https://");
            if (row["category"] is not { } word || !FileRole.TryParse(word, out role)) Mistake(row, $"\"category\" of {name} must be one of {string.Join(", ", FileRole.AllWords)}");
            if (row["format"] is { } given && !ListFormats.TryParse(given, out format)) Mistake(row, $"\"format\" of {name} must be one of {string.Join(", ", Enum.GetValues<ListFormat>().Select(f => f.Name()))}");
            if (row["licence"] is null) Mistake(row, $"\"licence\" of {name} is missing; say under what terms the list may be used");
            if (feeds.Any(f => string.Equals(f.Name, name, StringComparison.Ordinal))) Mistake(row, $"{name} stands here twice");
            var every = Number(row, "every-hours", 24, 1, 24 * 365);
            var maxAge = Number(row, "max-age-days", 30, 1, 3_650);
            feeds.Add(new(name, url ?? new("https://invalid.example"), new(role, row["format"] is null ? null : format, row["threat"]), row["licence"] ?? "", TimeSpan.FromHours(every), maxAge));
        }
        YamlTable.Throw(mistakes);
        return new(feeds);

        void Mistake(YamlRow row, string text) => mistakes.Append($"\n{source}: line {row.Line}: {text}");

        int Number(YamlRow row, string field, int otherwise, int low, int high)
        {
            if (row[field] is not { } text) return otherwise;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high) return number;
            Mistake(row, $"\"{field}\" must be {low} to {high}");
            return otherwise;
        }
    }

    /// <summary>This and another table; where both have a feed of one name, the other's counts.</summary>
    public FeedTable With(FeedTable other) =>
        new([.. Feeds.Where(f => !other.Feeds.Any(o => string.Equals(o.Name, f.Name, StringComparison.Ordinal))), .. other.Feeds]);

    /// <summary>The feeds of the given names.</summary>
    /// <exception cref="IntelException">A name is not in the table.</exception>
    public FeedTable Only(IReadOnlyCollection<string> names)
    {
        var unknown = names.Except(Feeds.Select(f => f.Name), StringComparer.Ordinal).ToArray();
        return unknown.Length == 0
            ? new(Feeds.Where(f => names.Contains(f.Name, StringComparer.Ordinal)).ToArray())
            : throw new IntelException($"no feed {string.Join(", ", unknown)}; there are {string.Join(", ", Feeds.Select(f => f.Name))}");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,63}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FeedName();
}

/// <summary>One list that is fetched.</summary>
/// <param name="Name">Also the name of its file and of the list.</param>
/// <param name="Licence">SPDX identifier, or the publisher's words.</param>
/// <param name="Every">It is not asked for more often than this; default 24 hours.</param>
/// <param name="MaxAgeDays">A copy that the server has not vouched for in so many days is reported as too old; default 30.</param>
public sealed record Feed(string Name, Uri Url, FileEntry Entry, string Licence, TimeSpan Every, int MaxAgeDays)
{
    private static readonly string[] Endings = [".txt", ".csv", ".tsv", ".json", ".xml", ".dat", ".mmdb"];

    /// <summary>The name with the ending of the URL, so that whoever looks into the folder sees what it is.</summary>
    public string File
    {
        get
        {
            var path = Url.AbsolutePath;
            var gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            if (gzip) path = path[..^3];
            var ending = Endings.FirstOrDefault(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? ".txt";
            return Name + ending + (gzip ? ".gz" : "");
        }
    }
}
