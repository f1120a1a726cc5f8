using System.Text.Json.Serialization;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>The kinds of documents that GuardDuty's state is kept in, each under account, region and the id that its record names.</summary>
internal static class Kinds
{
    /// <summary>Id: the detector's.</summary>
    public static readonly DocumentKind<Detector> Detector = new("detector", GuardDutyJson.Default.Detector);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Detector))]
internal sealed partial class GuardDutyJson : JsonSerializerContext;
