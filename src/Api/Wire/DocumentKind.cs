using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Yagura.Core.Ports;

namespace Yagura.Api.Wire;

/// <summary>A kind of documents and how they are written.</summary>
internal sealed record DocumentKind<T>(string Name, JsonTypeInfo<T> Type)
    where T : class
{
    public T Read(Document document) => JsonSerializer.Deserialize(document.Json.Span, Type)!;

    public byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Type);
}
