using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.DefenseEvasion.IAMUser;

/// <summary>The log of what Amazon Bedrock's models are asked and answer is switched off for an account and region.</summary>
/// <remarks>Source: Amazon Bedrock API reference, "PutModelInvocationLoggingConfiguration"; a kind of data that the request does not mention is delivered.</remarks>
public sealed class BedrockLoggingDisabled() : ApiCallRule("bedrock.amazonaws.com", new TypeBinding("DefenseEvasion:IAMUser/BedrockLoggingDisabled"))
{
    public override IReadOnlyList<string> EventNames { get; } =
        ["DeleteModelInvocationLoggingConfiguration", "PutModelInvocationLoggingConfiguration"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        var why = call.Name.SequenceEqual("DeleteModelInvocationLoggingConfiguration"u8)
            ? "the configuration of model invocation logging was deleted"
            : WhyUseless(request.Child("loggingConfig"));
        return why is null ? null : ApiCallFacts.AboutCaller(call, Types[0].Type, Severity.Medium, knowledge, why);
    }

    private static string? WhyUseless(JsonElement logging)
    {
        if (logging.ValueKind != JsonValueKind.Object) return null;
        if (logging.Child("s3Config").ValueKind != JsonValueKind.Object && logging.Child("cloudWatchConfig").ValueKind != JsonValueKind.Object)
            return "model invocation logging was left without a destination";
        var delivers = logging.Flag("textDataDeliveryEnabled") != false || logging.Flag("imageDataDeliveryEnabled") != false
            || logging.Flag("embeddingDataDeliveryEnabled") != false || logging.Flag("videoDataDeliveryEnabled") == true;
        return delivers ? null : "model invocation logging was told to deliver no kind of data";
    }
}
