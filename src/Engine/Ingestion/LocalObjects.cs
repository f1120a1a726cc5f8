using System.Runtime.CompilerServices;
using Yagura.Core.Ports;

namespace Yagura.Engine.Ingestion;

/// <summary>Files, folders (read recursively, hidden entries left out) and the standard input (<c>-</c>).</summary>
/// <param name="paths">As a person typed them.</param>
public sealed class LocalObjects(IReadOnlyList<string> paths) : ILogObjects
{
    public const string StandardInput = "-";

    private static readonly EnumerationOptions Recursive = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.Device,
        MaxRecursionDepth = 64,
    };

    public async IAsyncEnumerable<LogObjectReference> List([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        foreach (var path in paths)
        {
            if (path == StandardInput)
            {
                yield return new LogObjectReference(path, Size: null, Version: null, LastModified: null);
                continue;
            }
            foreach (var file in Files(path))
            {
                cancel.ThrowIfCancellationRequested();
                yield return file;
            }
        }
    }

    public Task<Stream> Open(LogObjectReference reference, CancellationToken cancel = default)
    {
        try
        {
            return Task.FromResult(reference.Name == StandardInput
                ? Console.OpenStandardInput()
                : new FileStream(reference.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{reference.Name} may not be read: {e.Message}", e);
        }
    }

    private static IEnumerable<LogObjectReference> Files(string path)
    {
        if (File.Exists(path)) return [Refer(new FileInfo(path), path)];
        if (!Directory.Exists(path)) throw new IOException($"{path} is neither a file nor a folder");
        try
        {
            return new DirectoryInfo(path).EnumerateFiles("*", Recursive)
                .Where(file => file.LinkTarget is null || File.Exists(file.FullName))
                .Select(file => Refer(file, Path.Combine(path, Path.GetRelativePath(path, file.FullName))))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .ToList();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} may not be listed: {e.Message}", e);
        }
    }

    private static LogObjectReference Refer(FileInfo file, string name) => new(name, file.Length, Version: null, new DateTimeOffset(file.LastWriteTimeUtc));
}
