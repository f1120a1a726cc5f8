using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>Credentials issued to a Lambda function or an ECS task are used outside AWS, or through another account's VPC endpoint.</summary>
/// <remarks>CloudTrail names the workload in <c>userIdentity.inScopeOf</c>. Functions and tasks change their addresses, so only being outside
/// AWS's published ranges counts: without these ranges the type is off. Source: GuardDuty user guide,
/// "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS" and ".InsideAWS".</remarks>
public sealed class ResourceCredentialExfiltration : StatefulDetector<ApiCall, SessionUse>
{
    private static readonly TypeBinding Inside = new("UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS");
    private static readonly TypeBinding Outside = new NeedsAwsRanges("UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS");

    private sealed record NeedsAwsRanges(string Name) : TypeBinding(Name)
    {
        public override string? Off(Knowledge knowledge) => knowledge.Intel.IsAws(Core.IpAddress.FromV4(0x01010101)) is null ? "AWS address ranges are not loaded" : null;
    }

    public override IReadOnlyList<TypeBinding> Types { get; } = [Inside, Outside];

    public override string Name => "resource-sessions";

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<SessionUse> steps)
    {
        var workload = call[ApiField.IssuedTo];
        if (workload.IsEmpty || call[ApiField.IssuedToType].IndexOf("EC2"u8) >= 0) return;
        if (CredentialExfiltration.StayedInside(call, out var endpointOwner)) return;
        // Only what may turn out to be foreign is kept: a busy function inside AWS costs nothing.
        if (endpointOwner.IsEmpty && (call.Address.IsNone || knowledge.Intel.IsAws(call.Address) != false || !call.Address.IsPublic)) return;
        steps.Of(EntityKey.Of(call.AccountId, workload)).Add(call, endpointOwner, steps.ObjectName, knowledge, Describe);
    }

    public override IEnumerable<Decision> Decide(SessionUse state, Knowledge knowledge) =>
        CredentialExfiltration.Decide(state, instanceId: null, knowledge, Inside, Outside);

    private static Detection Describe(ApiCall call, Knowledge knowledge) =>
        ApiCallFacts.AboutCaller(call, Outside.Type, Severity.High, knowledge, why: "") with { Subject = Utf8.Text(call[ApiField.IssuedTo]) };
}
