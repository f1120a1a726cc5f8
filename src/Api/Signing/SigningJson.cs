using System.Text.Json.Serialization;

namespace Yagura.Api.Signing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessKey))]
[JsonSerializable(typeof(AccessKeyFacts))]
internal sealed partial class SigningJson : JsonSerializerContext;
