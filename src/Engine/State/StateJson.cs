using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Yagura.Core;
using Yagura.Core.Findings;

namespace Yagura.Engine.State;

/// <summary>How states and steps are written: JSON, so that a person can read what the engine remembers.</summary>
internal static class StateJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(), new IpAddressConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameActions } },
    };

    private static void NameActions(JsonTypeInfo info)
    {
        if (info.Type != typeof(FindingAction)) return;
        info.PolymorphismOptions = new JsonPolymorphismOptions
        {
            DerivedTypes =
            {
                new(typeof(AwsApiCallAction), "AWS_API_CALL"),
                new(typeof(NetworkConnectionAction), "NETWORK_CONNECTION"),
                new(typeof(PortProbeAction), "PORT_PROBE"),
                new(typeof(DnsRequestAction), "DNS_REQUEST"),
            },
        };
    }

    private sealed class IpAddressConverter : JsonConverter<IpAddress>
    {
        public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { Length: > 0 } text && IpAddress.TryParse(text, out var address) ? address : IpAddress.None;

        public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
