using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Yagura.Cli.Output;

/// <summary>Objects on stdout: one list of them, or one a line.</summary>
internal sealed class JsonList(bool isOne)
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = OneLine with { Indented = true };

    private bool _hasBegun;

    public void Add(Action<Utf8JsonWriter> members)
    {
        if (isOne) Console.Out.Write(_hasBegun ? ",\n" : "[\n");
        _hasBegun = true;
        Console.Out.WriteLine(Text(members, OneLine));
    }

    public void End()
    {
        if (isOne) Console.Out.WriteLine(_hasBegun ? "]" : "[]");
    }

    /// <summary>One object for people.</summary>
    public static void WriteOne(Action<Utf8JsonWriter> members) => Console.Out.WriteLine(Text(members, Indented));

    private static string Text(Action<Utf8JsonWriter> members, JsonWriterOptions options)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
