using System.Buffers;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>Credentials of an EC2 instance's role are used from another address than the instance's.</summary>
/// <remarks>An instance's session is an assumed role whose session name is the instance id. See <see cref="CredentialExfiltration"/> for the
/// decision. Source: GuardDuty user guide, "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS" and ".InsideAWS".</remarks>
public sealed class InstanceCredentialExfiltration : StatefulDetector<ApiCall, SessionUse>
{
    private static readonly TypeBinding Inside = new("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS");
    private static readonly TypeBinding Outside = new("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS");
    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    public override IReadOnlyList<TypeBinding> Types { get; } = [Inside, Outside];

    public override string Name => "instance-sessions";

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<SessionUse> steps)
    {
        if (InstanceOf(call) is { IsEmpty: false } instance) ObserveUse(call, instance, knowledge, steps);
        else if (call.Name.SequenceEqual("AssociateAddress"u8) || call.Name.SequenceEqual("StartInstances"u8)) ObserveChange(call, steps);
    }

    private static void ObserveUse(ApiCall call, ReadOnlySpan<byte> instance, Knowledge knowledge, ISteps<SessionUse> steps)
    {
        if (CredentialExfiltration.StayedInside(call, out var endpointOwner)) return;
        // A service that acts in the instance's name is nobody's second place of use.
        if (knowledge.Benign.IsService(call[ApiField.SourceIpAddress]) || knowledge.Benign.IsServiceRole(call[ApiField.IssuerUserName])) return;
        if (call.Address.IsNone && endpointOwner.IsEmpty && call[ApiField.SourceIpAddress].IsEmpty) return;
        steps.Of(EntityKey.Of(call.AccountId, instance)).Add(call, endpointOwner, steps.ObjectName, knowledge, Describe);
    }

    private static void ObserveChange(ApiCall call, ISteps<SessionUse> steps)
    {
        if (!call.Succeeded || !RequestJson.TryParse(call[ApiField.RequestParameters], out var request)) return;
        using (request)
        {
            var root = request.RootElement;
            var ids = root.Child("instancesSet").Child("items").Items().Select(item => item.Text("instanceId")).Append(root.Text("instanceId"));
            foreach (var id in ids)
            {
                if (id is not null) steps.Of(EntityKey.Of(call.AccountId, System.Text.Encoding.UTF8.GetBytes(id))).AddChange(call.Time);
            }
        }
    }

    public override IEnumerable<Decision> Decide(SessionUse state, Knowledge knowledge)
    {
        var instance = state.Places.FirstOrDefault()?.First?.Subject;
        return instance is null ? [] : CredentialExfiltration.Decide(state, instance, knowledge, Inside, Outside);
    }

    /// <summary>The instance id out of the session name: <c>AROAEXAMPLE:i-0123456789abcdef0</c>; empty for any other identity.</summary>
    /// <remarks>People may name a session anything, so the name must be a real id, or the record say that the metadata service handed it out.</remarks>
    internal static ReadOnlySpan<byte> InstanceOf(ApiCall call)
    {
        var principal = call[ApiField.PrincipalId];
        var at = principal.LastIndexOf(":i-"u8);
        if (at < 0 || !call[ApiField.UserType].SequenceEqual("AssumedRole"u8)) return default;
        var id = principal[(at + 1)..];
        return (id.Length is 10 or 19 && !id[2..].ContainsAnyExcept(Hex)) || !call[ApiField.Ec2RoleDelivery].IsEmpty ? id : default;
    }

    private static Detection Describe(ApiCall call, Knowledge knowledge)
    {
        var instance = Utf8.Text(InstanceOf(call));
        var about = ApiCallFacts.AboutCaller(call, Outside.Type, Severity.High, knowledge, why: "");
        return about with
        {
            Subject = instance,
            Resource = about.Resource with { InstanceDetails = knowledge.Inventory.Instance(instance) ?? new InstanceDetails { InstanceId = instance } },
        };
    }
}
