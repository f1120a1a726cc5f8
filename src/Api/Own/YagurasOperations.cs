using Yagura.Api.Wire;
using static Yagura.Api.Signing.Role;

namespace Yagura.Api.Own;

/// <summary>Every operation of Yagura's own API: signed, read and answered as those of GuardDuty, below paths that GuardDuty does not have.</summary>
internal static class YagurasOperations
{
    private const string Get = "GET", Post = "POST", Delete = "DELETE", Rules = "/yagura/v1/suppressions", Audit = "/yagura/v1/audit";

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. new Operation[]
        {
            new("ListSuppressions", Get, Rules, Viewer, SuppressionOperations.List),
            new("GetSuppression", Get, Rules + "/{Name}", Viewer, SuppressionOperations.Get),
            new("ListSuppressionHits", Get, Rules + "/{Name}/hits", Viewer, SuppressionOperations.Hits),
            new("PreviewSuppression", Get, Rules + "/{Name}/preview", Viewer, SuppressionOperations.Preview),
            new("PreviewCriteria", Post, Rules + "/preview", Viewer, SuppressionOperations.PreviewCriteria),
            new("AddSuppression", Post, Rules, Responder, SuppressionOperations.Add),
            new("RenewSuppression", Post, Rules + "/{Name}/renew", Responder, SuppressionOperations.Renew),
            new("ShadowSuppression", Post, Rules + "/{Name}/shadow", Responder, SuppressionOperations.Shadow),
            new("ActivateSuppression", Post, Rules + "/{Name}/activate", Responder, SuppressionOperations.Activate),
            new("RemoveSuppression", Delete, Rules + "/{Name}", Responder, SuppressionOperations.Remove),

            new("ListAuditEntries", Get, Audit, Viewer, AuditOperations.List),
            new("VerifyAuditLog", Get, Audit + "/verify", Viewer, AuditOperations.Verify),
        }.Select(operation => operation with { Service = "yagura" }),
    ];
}
