using System.Text.Encodings.Web;
using System.Text.Json;

namespace Yagura.Tests.Core;

/// <summary>JSON with one member a line, so that a difference shows what changed.</summary>
internal static class SnapshotText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonElement element) => JsonSerializer.Serialize(element, Indented);
}
