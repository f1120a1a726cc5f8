using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Yagura.Core.Tests;

/// <summary>Valid JSON texts of all shapes: nested, escaped in two ways, indented or not.</summary>
internal static class JsonTexts
{
    private static readonly Gen<string> Text = Gen.Char["ab{}[]\":,\\/\n\t é日\u0001"].Array[0, 80].Select(chars => new string(chars));

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Text.Select(text => (JsonNode?)text), Gen.Int.Select(number => (JsonNode?)number), Gen.Double[-1e9, 1e9].Select(number => (JsonNode?)number),
        Gen.Bool.Select(flag => (JsonNode?)flag), Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Node = Gen.Recursive<JsonNode?>((depth, inner) => depth >= 4
        ? Scalar
        : Gen.Frequency(
            (2, Scalar),
            (2, Gen.Select(Text, inner).Array[0, 6].Select(pairs => (JsonNode?)new JsonObject(pairs.DistinctBy(pair => pair.Item1).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2?.DeepClone()))))),
            (1, inner.Array[0, 6].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])))));

    public static readonly Gen<byte[]> Value = Gen.Select(Node, Gen.Bool, Gen.Bool).Select((node, indented, relaxed) => Encoding.UTF8.GetBytes(
        JsonSerializer.Serialize(node, new JsonSerializerOptions { WriteIndented = indented, Encoder = relaxed ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null })));
}
