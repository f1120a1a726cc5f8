using System.Text.Json;
using Yagura.Engine.Reading;

namespace Yagura.Cli.Output;

/// <summary>Records that could not be used, one JSON object a line: <c>{"object","record","field","reason","bytes"}</c>, the bytes in base64.</summary>
internal sealed class QuarantineFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;

    private QuarantineFile(FileStream file)
    {
        _file = file;
        _json = new Utf8JsonWriter(file);
    }

    public static QuarantineFile Create(string path) => new(Files.Create(path));

    public void Write(QuarantinedRecord record)
    {
        _json.WriteStartObject();
        _json.WriteString("object", record.Object);
        _json.WriteNumber("record", record.Record);
        _json.WriteString("field", record.Field);
        _json.WriteString("reason", record.Reason);
        _json.WriteBase64String("bytes", record.Bytes);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
