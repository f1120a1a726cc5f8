using Yagura.Core;
using Yagura.Logs.Json;

namespace Yagura.Logs.CloudTrail;

/// <summary>A CloudTrail record: where its fields lie and what it needs to be used.</summary>
/// <remarks><code>{"eventVersion":"1.08","userIdentity":{"type":"IAMUser",…},"eventTime":"2026-02-01T09:30:00Z","eventSource":"iam.amazonaws.com","eventName":"ListUsers",…}</code>
/// Source: AWS CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".</remarks>
internal static class CloudTrailRecord
{
    /// <summary>The path of each <see cref="ApiField"/>, in its order.</summary>
    public static readonly string[] Paths = [.. Enum.GetValues<ApiField>().Select(PathOf)];

    private static string PathOf(ApiField field) => field switch
    {
        ApiField.EventTime => "eventTime",
        ApiField.EventName => "eventName",
        ApiField.EventSource => "eventSource",
        ApiField.EventType => "eventType",
        ApiField.EventCategory => "eventCategory",
        ApiField.EventId => "eventID",
        ApiField.RequestId => "requestID",
        ApiField.Region => "awsRegion",
        ApiField.RecipientAccountId => "recipientAccountId",
        ApiField.SourceIpAddress => "sourceIPAddress",
        ApiField.UserAgent => "userAgent",
        ApiField.ErrorCode => "errorCode",
        ApiField.ErrorMessage => "errorMessage",
        ApiField.ReadOnly => "readOnly",
        ApiField.ManagementEvent => "managementEvent",
        ApiField.VpcEndpointId => "vpcEndpointId",
        ApiField.VpcEndpointAccountId => "vpcEndpointAccountId",
        ApiField.UserType => "userIdentity.type",
        ApiField.PrincipalId => "userIdentity.principalId",
        ApiField.UserArn => "userIdentity.arn",
        ApiField.UserAccountId => "userIdentity.accountId",
        ApiField.AccessKeyId => "userIdentity.accessKeyId",
        ApiField.UserName => "userIdentity.userName",
        ApiField.InvokedBy => "userIdentity.invokedBy",
        ApiField.IdentityProvider => "userIdentity.identityProvider",
        ApiField.CredentialId => "userIdentity.credentialId",
        ApiField.IssuerType => "userIdentity.sessionContext.sessionIssuer.type",
        ApiField.IssuerPrincipalId => "userIdentity.sessionContext.sessionIssuer.principalId",
        ApiField.IssuerArn => "userIdentity.sessionContext.sessionIssuer.arn",
        ApiField.IssuerAccountId => "userIdentity.sessionContext.sessionIssuer.accountId",
        ApiField.IssuerUserName => "userIdentity.sessionContext.sessionIssuer.userName",
        ApiField.SessionCreationDate => "userIdentity.sessionContext.attributes.creationDate",
        ApiField.MfaAuthenticated => "userIdentity.sessionContext.attributes.mfaAuthenticated",
        ApiField.Ec2RoleDelivery => "userIdentity.sessionContext.ec2RoleDelivery",
        ApiField.IssuedToType => "userIdentity.inScopeOf.issuerType",
        ApiField.IssuedTo => "userIdentity.inScopeOf.credentialsIssuedTo",
        ApiField.AssumedRootSession => "userIdentity.sessionContext.assumedRoot",
        ApiField.RequestParameters => "requestParameters",
        ApiField.ResponseElements => "responseElements",
        ApiField.AdditionalEventData => "additionalEventData",
        ApiField.Resources => "resources",
    };

    /// <summary>Completes a call whose slots are filled.</summary>
    /// <returns>The field without which it cannot be used, and why; null when it can.</returns>
    public static (string Field, string Reason)? Complete(ApiCall call)
    {
        if (call.Name.IsEmpty) return ("eventName", "the CloudTrail record has no eventName");
        if (!IsoTime.TryParse(call[ApiField.EventTime], out var time))
            return ("eventTime", call[ApiField.EventTime].IsEmpty ? "the CloudTrail record has no eventTime" : "eventTime is not an ISO 8601 time");
        call.Time = time;
        // Where a service called, its name stands in place of the address; texts that only look like addresses stay text too.
        call.Address = IpAddress.TryParse(call[ApiField.SourceIpAddress], out var address) ? address : IpAddress.None;
        return null;
    }
}
