using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Yagura.Simulation.Tests;

/// <summary>A corpus in a folder of its own, which is removed at the end, read back without any code of the product.</summary>
public sealed class Corpus : IDisposable
{
    public Corpus(SimulationOptions options)
    {
        Folder = Path.Combine(Path.GetTempPath(), "yagura-simulation-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        Result = Simulator.Write(options, Folder);
        Expected = [.. File.ReadLines(Path.Combine(Folder, Simulator.ExpectedFile)).Select(Parse)];
    }

    public string Folder { get; }
    public SimulationResult Result { get; }
    public IReadOnlyList<JsonElement> Expected { get; }
    public string Manifest => File.ReadAllText(Path.Combine(Folder, Simulator.ManifestFile));

    public IEnumerable<JsonElement> Plans => Expected.Where(e => e.Text("kind") != "corpus");
    public JsonElement Count(LogKind kind) => Expected.Single(e => e.Text("kind") == "corpus" && e.Text("log") == kind.ToString());

    public IEnumerable<string> Objects(LogKind kind) => Directory
        .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(f => Path.GetRelativePath(Folder, f).Contains(kind switch
        {
            LogKind.CloudTrail => "/CloudTrail/",
            LogKind.VpcFlow => "/vpcflowlogs/",
            LogKind.Route53Resolver => "/vpcdnsquerylogs/",
            _ => "S3AccessLogs/",
        }, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>An object's bytes, decompressed if it is gzip.</summary>
    public static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        if (path.EndsWith(".gz", StringComparison.Ordinal)) new GZipStream(file, CompressionMode.Decompress).CopyTo(content);
        else file.CopyTo(content);
        return content.ToArray();
    }

    public IEnumerable<string> Lines(LogKind kind) =>
        Objects(kind).SelectMany(f => Encoding.UTF8.GetString(Read(f)).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Every CloudTrail record, those of duplicate objects once more.</summary>
    public IEnumerable<JsonElement> Calls() => Objects(LogKind.CloudTrail).SelectMany(f => Parse(Encoding.UTF8.GetString(Read(f))).GetProperty("Records").EnumerateArray());

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

internal static class JsonElementExtensions
{
    /// <summary>The text of a member, also deeper by dots; null where there is none.</summary>
    public static string? Text(this JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }
        return element.ValueKind == JsonValueKind.Null ? null : element.ToString();
    }

    public static long Number(this JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
