namespace Yagura.Intel;

/// <summary>Writes a file whole or not at all: whoever reads meanwhile sees the old one, and a crash leaves it.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Hidden and of a fixed name: a folder load passes over it, and the next try replaces what a crash left.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + ".new");
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
