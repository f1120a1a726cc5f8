using System.IO.Compression;
using System.Security.Cryptography;

namespace Yagura.Intel;

/// <summary>Reads one file of knowledge from the disk or from the bytes of a download: within its limit, gunzipped, parsed by its role.</summary>
internal static class ListFile
{
    /// <summary>Most bytes of a location database, decompressed.</summary>
    public const int LargestDatabase = 512_000_000;

    public static int LargestOf(FileRole role) => role.Kind switch
    {
        FileKind.Location => LargestDatabase,
        FileKind.ThreatList => LimitsOf(role).Bytes,
        _ => ListLimits.Own.Bytes,
    };

    public static ListLimits LimitsOf(FileRole role) => role.Category is ThreatCategory.Custom or ThreatCategory.Trusted ? ListLimits.Own : ListLimits.Feed;

    /// <summary>Reads at most <paramref name="limit"/> bytes, decompressed if they are gzip (told by content).</summary>
    /// <returns>Null where there are more.</returns>
    /// <exception cref="IOException">The stream fails.</exception>
    /// <exception cref="InvalidDataException">The gzip is damaged.</exception>
    public static byte[]? ReadWithin(Stream stream, int limit)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read == 2 && magic[0] == 0x1F && magic[1] == 0x8B) stream = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);

        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (bytes.Length + count > limit) return null;
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    public static string Sha256Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Parses what was read.</summary>
    public static FileContent Parse(string name, FileEntry entry, byte[] content)
    {
        switch (entry.Role.Kind)
        {
            case FileKind.AwsRanges:
                var aws = AwsRanges.TryParse(content, out var noRanges);
                return new() { Aws = aws, Entries = aws?.Count ?? 0, Problem = aws is null ? noRanges : null };
            case FileKind.PublicSuffixes:
                var suffixes = PublicSuffixList.Parse(content);
                return new() { Suffixes = suffixes, Entries = suffixes.Count, Problem = suffixes.Count == 0 ? "no rules" : null };
            case FileKind.Location when content.AsSpan().IndexOf((byte)0) >= 0: // a database is binary, a table is not
                var database = OriginMmdb.TryParse(content, out var noDatabase);
                return new() { Origin = database, Problem = database is null ? noDatabase : null };
            case FileKind.Location:
                var table = OriginCsv.Parse(content);
                return new()
                {
                    Origin = table,
                    Entries = table.Count,
                    Rejected = table.Rejected,
                    FirstRejects = table.FirstRejects,
                    Problem = table.Count == 0 ? "no ranges with a country or network" : null,
                };
            default:
                var list = ThreatListReader.Read(name, entry.Role.Category, content, entry.Format, entry.Threat, LimitsOf(entry.Role));
                return new()
                {
                    List = list,
                    Entries = list.Entries,
                    Rejected = list.Rejected,
                    FirstRejects = list.FirstRejects,
                    Problem = list.Entries == 0 ? "no usable entry" : null,
                };
        }
    }
}

/// <summary>One parsed file: exactly one of the four is set, or <see cref="Problem"/>.</summary>
internal sealed record FileContent
{
    public ParsedList? List { get; init; }
    public AwsRanges? Aws { get; init; }
    public PublicSuffixList? Suffixes { get; init; }
    public IOriginSource? Origin { get; init; }
    /// <summary>Of the content, decompressed, lower-case hex; null where nothing could be read.</summary>
    public string? Sha256 => List?.List.Sha256 ?? Aws?.Sha256 ?? Suffixes?.Sha256 ?? Origin?.Sha256;

    /// <summary>0 for a database, which does not say.</summary>
    public int Entries { get; init; }
    public int Rejected { get; init; }
    public IReadOnlyList<RejectedLine> FirstRejects { get; init; } = [];

    /// <summary>Why the file is of no use; null where it is.</summary>
    public string? Problem { get; init; }
}
