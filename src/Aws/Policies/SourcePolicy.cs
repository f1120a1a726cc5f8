using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yagura.Aws.Policies;

/// <summary>The permissions that a source needs, and no others, as a policy or as a template that makes all it needs.</summary>
/// <remarks>Everything that is written is literal: nothing in the options can add a permission, a variable or a resource.</remarks>
public static class SourcePolicy
{
    /// <param name="options">Without <see cref="PolicyOptions.Mistakes"/>.</param>
    public static string Write(PolicyOptions options, PolicyFormat format) => format switch
    {
        PolicyFormat.Iam => Text(Statements.Policy(options)),
        PolicyFormat.Cloudformation => Text(CloudFormationTemplate.Of(options)),
        PolicyFormat.Terraform => TerraformFile.Of(options),
    };

    internal static string Text(JsonNode json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) json.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    internal static JsonArray List(params ReadOnlySpan<string> items)
    {
        var list = new JsonArray();
        foreach (var item in items) list.Add((JsonNode?)JsonValue.Create(item));
        return list;
    }
}
