using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yagura.Intel;

/// <summary>What <c>intel update</c> remembers of the copies in a folder, in <c>feeds.json</c> beside them.</summary>
public sealed record FeedState(IReadOnlyList<FeedCopy> Feeds)
{
    public const string FileName = "feeds.json";

    /// <summary>The state of a folder; empty where nothing was ever fetched into it.</summary>
    /// <exception cref="IntelException">The file is there and cannot be used.</exception>
    public static FeedState Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return new([]);
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(path), FeedStateJson.Default.FeedState);
            if (state is not { Feeds: not null } || state.Feeds.Any(f => f is null || !f.IsUsable))
                throw new IntelException($"{path}: not the state of feeds; remove it to start afresh");
            return state;
        }
        catch (Exception failed) when (failed is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new IntelException($"{path}: {(failed is JsonException ? "not JSON of the expected shape; remove it to start afresh" : failed.Message)}");
        }
    }

    public FeedCopy? OfFile(string file) => Feeds.FirstOrDefault(f => string.Equals(f.File, file, StringComparison.Ordinal));

    public FeedCopy? OfFeed(string name) => Feeds.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));

    internal void Save(string directory) =>
        AtomicFile.Write(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, FeedStateJson.Default.FeedState));
}

/// <summary>The last good copy of one feed.</summary>
/// <param name="File">In the same folder.</param>
/// <param name="Category">A word of <see cref="FileRole"/>.</param>
/// <param name="Format">GuardDuty's word, or null to recognise it.</param>
/// <param name="Licence">SPDX identifier, or the publisher's terms.</param>
/// <param name="ETag">As the server sent it, or null.</param>
/// <param name="LastModified">As the server sent it, or null.</param>
/// <param name="Sha256">Of the content, decompressed, lower-case hex.</param>
/// <param name="FetchedAt">When these bytes came; a later "not modified" leaves it.</param>
/// <param name="ConfirmedAt">When the server last gave this copy or said that it is still current.</param>
public sealed record FeedCopy(
    string Name, string File, string Url, string Category, string? Format, string? Threat, string Licence, string? ETag, string? LastModified,
    string Sha256, int Entries, int MaxAgeDays, DateTimeOffset FetchedAt, DateTimeOffset ConfirmedAt)
{
    /// <summary>Whole days since the server last vouched for the copy.</summary>
    public int AgeInDays(DateTimeOffset now) => (int)Math.Max(0, (now - ConfirmedAt).TotalDays);

    public bool IsOverAge(DateTimeOffset now) => now - ConfirmedAt > TimeSpan.FromDays(MaxAgeDays);

    internal FileEntry Entry => new(
        FileRole.TryParse(Category, out var role) ? role : throw new InvalidOperationException("a copy that was not checked"),
        Format is not null && ListFormats.TryParse(Format, out var format) ? format : null, Threat);

    internal bool IsUsable => Name is not null && File is not null && Url is not null && Sha256 is not null && Category is not null && FileRole.TryParse(Category, out _);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FeedState))]
internal sealed partial class FeedStateJson : JsonSerializerContext;
