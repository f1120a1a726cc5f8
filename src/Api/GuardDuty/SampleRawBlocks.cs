using System.Text;
using System.Text.Json;
using Yagura.Core;
using Yagura.Core.Findings;

namespace Yagura.Api.GuardDuty;

/// <summary>The parts of sample findings that no detector here fills, from <c>sample-blocks.json</c>.</summary>
internal static class SampleRawBlocks
{
    private static readonly Lazy<JsonElement> Table = new(Load);

    /// <param name="part"><c>resource</c>, <c>action</c> or <c>service</c>.</param>
    /// <param name="kind">Type of the resource or action; <c>runtime</c>, <c>volumeScan</c> or <c>malwareScan</c> of the service.</param>
    /// <returns>None where the part needs none.</returns>
    public static IReadOnlyList<RawBlock> Of(string part, string kind, string account, string region) =>
        !Table.Value.GetProperty(part).TryGetProperty(kind, out var blocks) ? [] :
        [
            .. blocks.EnumerateObject().Select(block => new RawBlock(block.Name, OnOneLine(block.Value)
                .Replace("{partition}", Partitions.Of(region), StringComparison.Ordinal)
                .Replace("{region}", region, StringComparison.Ordinal)
                .Replace("{account}", account, StringComparison.Ordinal))),
        ];

    private static string OnOneLine(JsonElement element)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) element.WriteTo(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static JsonElement Load()
    {
        using var stream = typeof(SampleRawBlocks).Assembly.GetManifestResourceStream("Yagura.Api.sample-blocks.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
