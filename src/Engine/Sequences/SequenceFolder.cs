using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Engine.Sequences;

/// <summary>Reads users' own sequences: files, and every <c>.yml</c> and <c>.yaml</c> of folders, in ordinal order. Links are not followed.</summary>
public static class SequenceFolder
{
    /// <summary>Files of one folder.</summary>
    public const int MostFiles = 1_000;

    /// <exception cref="IOException">A path does not exist, cannot be read, or holds too many files.</exception>
    public static SequenceSet Load(IEnumerable<string> paths) => SequenceSet.Of(paths.SelectMany(Files).Select(file => (file, SequenceFile.Read(Bytes(file)))));

    /// <summary>A file, or the YAML files of a folder.</summary>
    /// <exception cref="IOException">It does not exist, cannot be read, or holds too many files.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new FileNotFoundException($"{path} does not exist");
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = false };
        var files = Directory.EnumerateFiles(path, "*", all).Where(file => Path.GetExtension(file) is ".yml" or ".yaml").Take(MostFiles + 1).Order(StringComparer.Ordinal).ToList();
        return files.Count <= MostFiles ? files : throw new IOException($"{path} holds more than {MostFiles:N0} files");
    }

    /// <summary>The bytes of a file, and no more than it takes to see that they are too many.</summary>
    public static byte[] Bytes(string file)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[SigmaLimits.FileBytes + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
