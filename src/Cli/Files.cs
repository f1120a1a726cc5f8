namespace Yagura.Cli;

/// <summary>Files that a user names on the command line: read whole, within a limit, with an error that says which and why.</summary>
internal static class Files
{
    /// <summary>Largest settings file: an inventory of 100,000 instances takes about this.</summary>
    public const long Largest = 512L << 20;

    /// <summary>The file's bytes without the byte order mark that some editors put in front of UTF-8.</summary>
    public static byte[] Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > Largest) throw new UserError($"{path} is larger than {Largest >> 20} MiB");
            var bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>A new file, or the old one emptied.</summary>
    public static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} cannot be written: {e.Message}");
        }
    }

    public static string ReadText(string path) => System.Text.Encoding.UTF8.GetString(Read(path));
}
