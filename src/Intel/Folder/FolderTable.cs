using System.Text;

namespace Yagura.Intel;

/// <summary>What <c>intel.yaml</c> says of the files beside it.</summary>
/// <remarks><code>
/// lists:
///   - file: partners.csv       # in the same folder
///     category: malicious      # a word of FileRole
///     format: OTX_CSV          # optional; else recognised by content
///     threat: ExampleBot       # optional; else derived from the file name
/// </code></remarks>
internal static class FolderTable
{
    public const string FileName = "intel.yaml";

    /// <exception cref="IntelException">All mistakes of the file.</exception>
    public static IReadOnlyDictionary<string, FileEntry> Parse(string text, string source)
    {
        var mistakes = new StringBuilder();
        var entries = new Dictionary<string, FileEntry>(StringComparer.Ordinal);
        foreach (var row in YamlTable.Read(text, source, "lists", ["file", "category", "format", "threat"]))
        {
            var format = default(ListFormat);
            var role = default(FileRole);
            if (row["file"] is not { } file || file.Contains('/') || file.Contains('\\'))
                mistakes.Append($"\n{source}: line {row.Line}: \"file\" must name a file of this folder");
            else if (row["category"] is not { } word || !FileRole.TryParse(word, out role))
                mistakes.Append($"\n{source}: line {row.Line}: \"category\" of {file} must be one of {string.Join(", ", FileRole.AllWords)}");
            else if (row["format"] is { } name && !ListFormats.TryParse(name, out format))
                mistakes.Append($"\n{source}: line {row.Line}: \"format\" of {file} must be one of {string.Join(", ", Enum.GetValues<ListFormat>().Select(f => f.Name()))}");
            else if (!entries.TryAdd(file, new(role, row["format"] is null ? null : format, row["threat"])))
                mistakes.Append($"\n{source}: line {row.Line}: {file} stands here twice");
        }
        YamlTable.Throw(mistakes);
        return entries;
    }
}

/// <summary>What is said of one file.</summary>
/// <param name="Format">Null to recognise it by the content.</param>
/// <param name="Threat">Null where nothing names one.</param>
public sealed record FileEntry(FileRole Role, ListFormat? Format, string? Threat);
