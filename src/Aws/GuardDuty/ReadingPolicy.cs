using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yagura.Aws.GuardDuty;

/// <summary>The least that reading the settings of a GuardDuty takes.</summary>
public static class ReadingPolicy
{
    /// <param name="partition"><c>aws</c>, <c>aws-cn</c> or <c>aws-us-gov</c>.</param>
    /// <returns>A policy of IAM.</returns>
    public static string Write(string partition)
    {
        var policy = new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(
                // The action knows no resources.
                new JsonObject { ["Sid"] = "FindDetectors", ["Effect"] = "Allow", ["Action"] = "guardduty:ListDetectors", ["Resource"] = "*" },
                new JsonObject
                {
                    ["Sid"] = "ReadSettings", ["Effect"] = "Allow", ["Action"] = new JsonArray([.. SettingKind.Permissions.Select(action => JsonValue.Create(action))]),
                    ["Resource"] = $"arn:{partition}:guardduty:*:*:detector/*",
                }),
        };
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) policy.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
