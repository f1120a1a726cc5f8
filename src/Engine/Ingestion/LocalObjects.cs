using System.Formats.Tar;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using Yagura.Core.Ports;

namespace Yagura.Engine.Ingestion;

/// <summary>Files, folders (read recursively, hidden entries left out) and the standard input (<c>-</c>).</summary>
/// <remarks>A folder gives everything in it that is no folder, and what cannot be read of that fails when it is opened: a pipe, a device, a link to
/// a folder (links are not followed, for they can go round). A pipe that was named itself is read, as <c>&lt;(…)</c> of a shell is.</remarks>
/// <param name="paths">As a person typed them.</param>
public sealed class LocalObjects(IReadOnlyList<string> paths) : ILogObjects
{
    public const string StandardInput = "-";

    private static readonly EnumerationOptions Recursive = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden,
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
        if (reference.Name == StandardInput) return Task.FromResult(Console.OpenStandardInput());
        try
        {
            if (!paths.Contains(reference.Name, StringComparer.Ordinal)) RefuseUnlessRegular(reference.Name);
            return Task.FromResult<Stream>(new FileStream(
                reference.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{reference.Name} may not be read: {e.Message}", e);
        }
    }

    private static IEnumerable<LogObjectReference> Files(string path)
    {
        if (File.Exists(path)) return [Refer(path)];
        if (!Directory.Exists(path)) throw new IOException($"{path} is neither a file nor a folder");
        try
        {
            var files = new FileSystemEnumerable<string>(path, (ref entry) => entry.ToSpecifiedFullPath(), Recursive)
            {
                ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
                ShouldIncludePredicate = (ref entry) => !entry.IsDirectory || entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            };
            return files.Order(StringComparer.Ordinal).Select(Refer).ToList();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} may not be listed: {e.Message}", e);
        }
    }

    // Only bytes on a disk have a size; of a pipe it is known when it was read.
    private static LogObjectReference Refer(string name)
    {
        var file = Target(name);
        var (size, written) = file.Exists ? (file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : ((long?)null, (DateTimeOffset?)null);
        return new LogObjectReference(name, size > 0 ? size : null, Version: null, written);
    }

    private static FileInfo Target(string name)
    {
        var file = new FileInfo(name);
        if (file.LinkTarget is null) return file;
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }
        catch (IOException)
        {
            return file; // links that go round; opening tells
        }
    }

    // Opening a pipe waits until somebody writes to it. What kind of file a name stands for the library only tells when it packs the file into an
    // archive; the header is asked for only where the size is 0, as it is for pipes, sockets and devices.
    private static void RefuseUnlessRegular(string name)
    {
        if (Directory.Exists(name)) throw new IOException($"{name} is a link to a folder, which is not followed");
        var file = Target(name);
        if (OperatingSystem.IsWindows() || !file.Exists || file.Length > 0) return;
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true)) writer.WriteEntry(file.FullName, "entry");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        if (reader.GetNextEntry()?.EntryType != TarEntryType.RegularFile) throw new IOException($"{name} is a pipe or device, not a file");
    }
}
