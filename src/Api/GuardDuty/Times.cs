using System.Text.Json;
using Yagura.Core.Findings;

namespace Yagura.Api.GuardDuty;

/// <summary>The two ways in which the API writes times: ISO texts, and numbers of epoch seconds.</summary>
internal static class Times
{
    public static void WriteIso(Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteString(name, FindingJson.Iso(time));

    public static void WriteEpoch(Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteNumber(name, time.ToUnixTimeMilliseconds() / 1000m);
}
