namespace Yagura.Engine.Ingestion.Folders;

/// <summary>Walks a folder and all below it, one entry at a time, however large it is.</summary>
internal static class FolderWalk
{
    private const int Deepest = 64;

    private static readonly EnumerationOptions Each = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>Names of files that somebody is still working on, by convention: hidden ones, <c>.tmp</c> and <c>.part</c>.</summary>
    public static bool IsLeftOut(ReadOnlySpan<char> name) => name is ['.', ..]
        || name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".part", StringComparison.OrdinalIgnoreCase);

    /// <summary>Folders and everything else, each folder before what is in it. Links to folders are not followed.</summary>
    /// <param name="problem">Told of a folder that cannot be listed; the others are.</param>
    public static IEnumerable<FileSystemInfo> Entries(string folder, Action<string> problem)
    {
        var folders = new Stack<(string Path, int Depth)>([(folder, 0)]);
        while (folders.TryPop(out var current))
        {
            IEnumerator<FileSystemInfo>? entries = null;
            while (Next(ref entries, current.Path, problem) is { } entry)
            {
                if (IsLeftOut(entry.Name)) continue;
                if (entry is DirectoryInfo)
                {
                    if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || current.Depth == Deepest) continue;
                    folders.Push((entry.FullName, current.Depth + 1));
                }
                yield return entry;
            }
        }
    }

    private static FileSystemInfo? Next(ref IEnumerator<FileSystemInfo>? entries, string folder, Action<string> problem)
    {
        try
        {
            entries ??= new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Each).GetEnumerator();
            if (entries.MoveNext()) return entries.Current;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem($"{folder} cannot be listed: {error.Message}");
        }
        entries?.Dispose();
        return null;
    }
}
