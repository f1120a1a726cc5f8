using System.Globalization;
using System.Text.Json;
using Yagura.Api.Suppressions;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.Own;

/// <summary>Who changed what, in the account that the caller speaks for; the chain is that of all.</summary>
internal static class AuditOperations
{
    private const int Most = 1_000;

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var after = Number(call, "after");
        var most = call.QueryNumber("maxResults", 1, Most) ?? 100;
        var page = await call.Backend.Audit.Read(after, most, cancel);
        json.WriteStartArray("entries");
        foreach (var entry in page.Where(entry => entry.Record.Subject.StartsWith(call.Account + "/", StringComparison.Ordinal)))
        {
            json.WriteStartObject();
            SuppressionJson.Write(json, entry);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (page.Count == most) json.WriteNumber("nextAfter", page[^1].Number);
    }

    public static async Task Verify(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        AuditHead? known = null;
        if (call.Query("head") is { } text && !AuditHead.TryParse(text, out known)) throw Refuse.Invalid("head", "a number and a hash as in 12:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef are expected");
        var verdict = await call.Backend.Audit.Verify(known, cancel);
        json.WriteBoolean("whole", verdict.Problem is null);
        if (verdict.Problem is not null) json.WriteString("problem", verdict.Problem);
        if (verdict.Head is not null) json.WriteString("head", verdict.Head.ToString());
    }

    private static long Number(Call call, string name) => call.Query(name) is not { } text ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Refuse.Invalid(name, "a whole number is expected");
}
