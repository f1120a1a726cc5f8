using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Yagura.EC2;
using Yagura.Detectors.Families;
using Yagura.Detectors.Rules;
using Yagura.Detectors.Signals;
using Yagura.Detectors.Stealth.IAMUser;
using Yagura.Detectors.Trojan.EC2;
using Yagura.Detectors.UnauthorizedAccess.EC2;
using Yagura.Detectors.UnauthorizedAccess.IAMUser;

namespace Yagura.Engine.State;

/// <summary>How states and steps are written: JSON, so that a person can read what the engine remembers.</summary>
/// <remarks>What is written is listed in <see cref="StateTypes"/> and compiled, since the published program has no code for a type it has not met.</remarks>
internal static class StateJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new IpAddressConverter() },
        TypeInfoResolver = StateTypes.Default.WithAddedModifier(NameActions),
    };

    /// <summary>How values of a type are written.</summary>
    /// <exception cref="NotSupportedException"><see cref="StateTypes"/> does not list it.</exception>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

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

/// <summary>Every type that is written by itself; what these hold follows. A detector's state needs a line here.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(Journal.Line))]
[JsonSerializable(typeof(Journal.Stored))]
[JsonSerializable(typeof(AwsApiCallAction))]
[JsonSerializable(typeof(NetworkConnectionAction))]
[JsonSerializable(typeof(PortProbeAction))]
[JsonSerializable(typeof(DnsRequestAction))]
[JsonSerializable(typeof(FruitlessTries))]
[JsonSerializable(typeof(Habits))]
[JsonSerializable(typeof(LoginGuesses))]
[JsonSerializable(typeof(PortProbing))]
[JsonSerializable(typeof(SessionUse))]
[JsonSerializable(typeof(SessionsOfCaller))]
[JsonSerializable(typeof(StepUse))]
[JsonSerializable(typeof(SignIns))]
[JsonSerializable(typeof(TorContacts))]
[JsonSerializable(typeof(CarriedNames))]
[JsonSerializable(typeof(AskedDomains))]
[JsonSerializable(typeof(BeaconPairs))]
[JsonSerializable(typeof(Traffic))]
[JsonSerializable(typeof(TrailBucket))]
[JsonSerializable(typeof(CorrelatedUse))]
[JsonSerializable(typeof(WeakSignal))]
internal sealed partial class StateTypes : JsonSerializerContext;
