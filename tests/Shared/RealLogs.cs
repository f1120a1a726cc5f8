using System.IO.Compression;

namespace Yagura.Tests;

/// <summary>Real logs with known truth, which lie beside the checkout where they exist; tests that need them skip elsewhere.</summary>
internal static class RealLogs
{
    private static readonly string? Root = Find();

    /// <summary>The path of a file or folder of the real logs; skips the calling test where there are none.</summary>
    public static string Path(string relative)
    {
        Assert.SkipUnless(Root is not null, "the real logs (shared/data beside the checkout) are not here");
        return System.IO.Path.Combine(Root!, relative);
    }

    /// <summary>The bytes of a file, decompressed if it is gzip.</summary>
    public static byte[] Read(string relative)
    {
        var path = Path(relative);
        if (!path.EndsWith(".gz", StringComparison.Ordinal)) return File.ReadAllBytes(path);
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (File.Exists(System.IO.Path.Combine(candidate, "README.md"))) return candidate;
        }
        return null;
    }
}
