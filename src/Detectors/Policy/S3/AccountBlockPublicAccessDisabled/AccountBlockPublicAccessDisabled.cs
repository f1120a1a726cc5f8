using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Policy.S3;

/// <summary>At least one setting of S3 Block Public Access was switched off for the whole account.</summary>
public sealed class AccountBlockPublicAccessDisabled() : ApiCallRule("s3.amazonaws.com", new TypeBinding("Policy:S3/AccountBlockPublicAccessDisabled"))
{
    public override IReadOnlyList<string> EventNames { get; } = ["PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        var settings = call.Name.StartsWith("Delete"u8) ? PublicAccessBlock.Off : PublicAccessBlock.Read(request);
        if (settings is null || PublicAccessBlock.OffSettings(settings) is not { Length: > 0 } off) return null;
        return ApiCallFacts.AboutCaller(call, Types[0].Type, Severity.Low, knowledge, $"Block Public Access of the account is off for {off}");
    }
}
