namespace Yagura.Intel;

/// <summary>Reads a folder of lists (<c>--intel DIR</c>) into a snapshot. Every file is one; folders below are not looked into.</summary>
/// <remarks>What a file is for is said by <c>intel.yaml</c>, else by the state that <c>intel update</c> keeps, else by its name
/// (see <see cref="FileRole"/>). Passed over are those two files, hidden ones, other <c>.yaml</c>, and <c>LICENSE</c>, <c>README</c> and <c>NOTICE</c>.</remarks>
public static class IntelFolder
{
    private static readonly string[] PassedOver = ["LICENSE", "LICENCE", "COPYING", "README", "NOTICE"];

    /// <summary>Most files of one folder.</summary>
    public const int MostFiles = 1_000;

    /// <param name="time">Tells whether copies of feeds are over their age limit; null for the system's clock.</param>
    /// <exception cref="IntelException">The folder or its <c>intel.yaml</c> cannot be used. A single bad list is only reported.</exception>
    public static IntelLoad Load(string directory, TimeProvider? time = null) => Load(directory, [], time);

    /// <inheritdoc cref="Load(string, TimeProvider?)"/>
    /// <param name="directory">Null for the trusted files alone.</param>
    /// <param name="trustedFiles">Paths of lists of what is never reported, besides the folder's own.</param>
    public static IntelLoad Load(string? directory, IReadOnlyList<string> trustedFiles, TimeProvider? time = null)
    {
        var files = new List<LoadedFile>();
        var contents = new List<FileContent>();
        if (directory is not null) LoadFolder(directory, files, contents, time);
        foreach (var path in trustedFiles)
        {
            var entry = new FileEntry(new FileRole(FileKind.ThreatList, ThreatCategory.Trusted), null, null);
            var content = Read(path, ListName(path), entry);
            // Named one by one, so a user counts on each of them.
            if (content.Problem is { } problem) throw new IntelException($"{path}: {problem}");
            contents.Add(content);
            files.Add(new(path, entry.Role, content.List?.Format, content.Entries, content.Rejected, content.FirstRejects, content.Problem, Warning: null));
        }
        return new(Combine(contents), files);
    }

    private static void LoadFolder(string directory, List<LoadedFile> files, List<FileContent> contents, TimeProvider? time)
    {
        string[] names;
        IReadOnlyDictionary<string, FileEntry> table;
        try
        {
            names = Directory.EnumerateFiles(directory).Select(p => Path.GetFileName(p)!).Where(IsList).Take(MostFiles + 1).Order(StringComparer.Ordinal).ToArray();
            var yaml = Path.Combine(directory, FolderTable.FileName);
            table = File.Exists(yaml) ? FolderTable.Parse(File.ReadAllText(yaml), yaml) : new Dictionary<string, FileEntry>(StringComparer.Ordinal);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IntelException($"{directory}: {WhyUnreadable(failed)}");
        }
        if (names.Length > MostFiles) throw new IntelException($"{directory}: more than {MostFiles} files");
        var missing = table.Keys.Except(names, StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
            throw new IntelException(string.Join('\n', missing.Select(f => $"{Path.Combine(directory, FolderTable.FileName)}: {f} is not in the folder")));

        var feeds = FeedState.Load(directory);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        foreach (var name in names)
        {
            var feed = feeds.OfFile(name);
            var entry = table.GetValueOrDefault(name) ?? feed?.Entry ?? new(FileRole.OfFileName(name), null, null);
            if (entry.Threat is null) entry = entry with { Threat = ThreatOf(name, entry.Role) };
            var content = Read(Path.Combine(directory, name), ListName(name), entry);
            contents.Add(content);
            files.Add(new(
                name, entry.Role, content.List?.Format, content.Entries, content.Rejected, content.FirstRejects, content.Problem,
                feed is null ? null : WarningOf(feed, content, now)));
        }
    }

    private static IntelSnapshot Combine(List<FileContent> contents) => IntelSnapshot.Create(
        contents.Where(c => c.Problem is null).Select(c => c.List).OfType<ParsedList>().ToArray(), contents.Select(c => c.Aws).LastOrDefault(a => a is not null),
        contents.Where(c => c.Problem is null).Select(c => c.Suffixes).LastOrDefault(s => s is not null),
        contents.Where(c => c.Problem is null).Select(c => c.Origin).OfType<IOriginSource>().ToArray());

    /// <summary>The name without its endings: <c>c2-example</c> of <c>c2-example.txt.gz</c>.</summary>
    internal static string ListName(string file)
    {
        if (file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) file = file[..^3];
        return Path.GetFileNameWithoutExtension(file) is { Length: > 0 } name ? name : file;
    }

    /// <summary>What follows the category in the name of a list about a threat: <c>example</c> of <c>c2-example.txt</c>.</summary>
    private static string? ThreatOf(string file, FileRole role)
    {
        var name = ListName(file);
        var named = role.Category is ThreatCategory.CommandAndControl or ThreatCategory.Dga && name.StartsWith(role.Word + "-", StringComparison.OrdinalIgnoreCase);
        return named && name.Length > role.Word.Length + 1 ? name[(role.Word.Length + 1)..] : null;
    }

    private static string? WarningOf(FeedCopy feed, FileContent content, DateTimeOffset now) =>
        content.Sha256 is { } sha256 && !string.Equals(sha256, feed.Sha256, StringComparison.Ordinal) ? "changed since it was fetched"
        : feed.IsOverAge(now) ? $"{feed.AgeInDays(now)} days old, over its limit of {feed.MaxAgeDays}" : null;

    private static FileContent Read(string path, string name, FileEntry entry)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var limit = ListFile.LargestOf(entry.Role);
            return ListFile.ReadWithin(stream, limit) is { } content
                ? ListFile.Parse(name, entry, content)
                : new() { Problem = $"larger than {limit} bytes" };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new() { Problem = WhyUnreadable(failed) };
        }
    }

    private static string WhyUnreadable(Exception failed) => failed switch
    {
        DirectoryNotFoundException => "no such folder",
        FileNotFoundException => "no such file",
        UnauthorizedAccessException => "not allowed to read it",
        InvalidDataException => "damaged gzip",
        _ => failed.Message,
    };

    private static bool IsList(string name) =>
        name[0] != '.' && !name.Equals(FeedState.FileName, StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
        && !PassedOver.Any(word => name.StartsWith(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a folder gave.</summary>
/// <param name="Files">In the order of their names, the useless ones too.</param>
public sealed record IntelLoad(IntelSnapshot Snapshot, IReadOnlyList<LoadedFile> Files);

/// <summary>One file of the folder.</summary>
/// <param name="Format">Of a threat list; else null.</param>
/// <param name="Entries">Usable entries: addresses, names and keys, or ranges and rules; 0 for an mmdb, which does not say.</param>
/// <param name="Rejected">Lines that are no usable entry.</param>
/// <param name="FirstRejects">The first few of them, with the reason.</param>
/// <param name="Problem">Why nothing of the file is used; null where it is.</param>
/// <param name="Warning">What else should be known, such as an age over the feed's limit.</param>
public sealed record LoadedFile(
    string Name, FileRole Role, ListFormat? Format, int Entries, int Rejected, IReadOnlyList<RejectedLine> FirstRejects, string? Problem, string? Warning);
