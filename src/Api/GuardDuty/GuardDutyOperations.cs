using Yagura.Api.Wire;
using static Yagura.Api.Signing.Role;

namespace Yagura.Api.GuardDuty;

/// <summary>Every operation of GuardDuty's API: how it is called, who may call it, what answers it.</summary>
/// <remarks>Source: GuardDuty API model 2017-11-28.</remarks>
internal static class GuardDutyOperations
{
    private const string Get = "GET", Post = "POST", Delete = "DELETE", Patch = "PATCH";
    private const string NoScanner = "There is no malware scanner: what is asked for is kept and shown as not scanned.";
    private const string NoAgents = "There are no runtime agents: nothing is covered.";

    public static IReadOnlyList<Operation> All { get; } =
    [
        // Detectors
        new("CreateDetector", Post, "/detector", Admin, Detectors.Create),
        new("GetDetector", Get, "/detector/{DetectorId}", Viewer, Detectors.Get),
        new("ListDetectors", Get, "/detector", Viewer, Detectors.List),
        new("UpdateDetector", Post, "/detector/{DetectorId}", Admin, Detectors.Update),
        new("DeleteDetector", Delete, "/detector/{DetectorId}", Admin, Detectors.Delete),

        // Findings
        new("ListFindings", Post, "/detector/{DetectorId}/findings", Viewer, Findings.List),
        new("GetFindings", Post, "/detector/{DetectorId}/findings/get", Viewer, Findings.Get),
        new("GetFindingsStatistics", Post, "/detector/{DetectorId}/findings/statistics", Viewer, Findings.Statistics),
        new("ArchiveFindings", Post, "/detector/{DetectorId}/findings/archive", Analyst, Findings.Archive),
        new("UnarchiveFindings", Post, "/detector/{DetectorId}/findings/unarchive", Analyst, Findings.Unarchive),
        new("UpdateFindingsFeedback", Post, "/detector/{DetectorId}/findings/feedback", Analyst, Findings.Feedback),
        new("CreateSampleFindings", Post, "/detector/{DetectorId}/findings/create", Analyst, SampleFindings.Create),

        // Filters
        new("CreateFilter", Post, "/detector/{DetectorId}/filter", Responder, Filters.Create),
        new("GetFilter", Get, "/detector/{DetectorId}/filter/{FilterName}", Viewer, Filters.Get),
        new("ListFilters", Get, "/detector/{DetectorId}/filter", Viewer, Filters.List),
        new("UpdateFilter", Post, "/detector/{DetectorId}/filter/{FilterName}", Responder, Filters.Update),
        new("DeleteFilter", Delete, "/detector/{DetectorId}/filter/{FilterName}", Responder, Filters.Delete),

        // Lists
        new("CreateIPSet", Post, "/detector/{DetectorId}/ipset", Admin, ListSets.IpSets.Create),
        new("GetIPSet", Get, "/detector/{DetectorId}/ipset/{IpSetId}", Viewer, ListSets.IpSets.Get),
        new("ListIPSets", Get, "/detector/{DetectorId}/ipset", Viewer, ListSets.IpSets.List),
        new("UpdateIPSet", Post, "/detector/{DetectorId}/ipset/{IpSetId}", Admin, ListSets.IpSets.Update),
        new("DeleteIPSet", Delete, "/detector/{DetectorId}/ipset/{IpSetId}", Admin, ListSets.IpSets.Delete),
        new("CreateThreatIntelSet", Post, "/detector/{DetectorId}/threatintelset", Admin, ListSets.ThreatIntelSets.Create),
        new("GetThreatIntelSet", Get, "/detector/{DetectorId}/threatintelset/{ThreatIntelSetId}", Viewer, ListSets.ThreatIntelSets.Get),
        new("ListThreatIntelSets", Get, "/detector/{DetectorId}/threatintelset", Viewer, ListSets.ThreatIntelSets.List),
        new("UpdateThreatIntelSet", Post, "/detector/{DetectorId}/threatintelset/{ThreatIntelSetId}", Admin, ListSets.ThreatIntelSets.Update),
        new("DeleteThreatIntelSet", Delete, "/detector/{DetectorId}/threatintelset/{ThreatIntelSetId}", Admin, ListSets.ThreatIntelSets.Delete),
        new("CreateTrustedEntitySet", Post, "/detector/{DetectorId}/trustedentityset", Admin, ListSets.TrustedEntitySets.Create),
        new("GetTrustedEntitySet", Get, "/detector/{DetectorId}/trustedentityset/{TrustedEntitySetId}", Viewer, ListSets.TrustedEntitySets.Get),
        new("ListTrustedEntitySets", Get, "/detector/{DetectorId}/trustedentityset", Viewer, ListSets.TrustedEntitySets.List),
        new("UpdateTrustedEntitySet", Post, "/detector/{DetectorId}/trustedentityset/{TrustedEntitySetId}", Admin, ListSets.TrustedEntitySets.Update),
        new("DeleteTrustedEntitySet", Delete, "/detector/{DetectorId}/trustedentityset/{TrustedEntitySetId}", Admin, ListSets.TrustedEntitySets.Delete),
        new("CreateThreatEntitySet", Post, "/detector/{DetectorId}/threatentityset", Admin, ListSets.ThreatEntitySets.Create),
        new("GetThreatEntitySet", Get, "/detector/{DetectorId}/threatentityset/{ThreatEntitySetId}", Viewer, ListSets.ThreatEntitySets.Get),
        new("ListThreatEntitySets", Get, "/detector/{DetectorId}/threatentityset", Viewer, ListSets.ThreatEntitySets.List),
        new("UpdateThreatEntitySet", Post, "/detector/{DetectorId}/threatentityset/{ThreatEntitySetId}", Admin, ListSets.ThreatEntitySets.Update),
        new("DeleteThreatEntitySet", Delete, "/detector/{DetectorId}/threatentityset/{ThreatEntitySetId}", Admin, ListSets.ThreatEntitySets.Delete),

        // Export
        new("CreatePublishingDestination", Post, "/detector/{DetectorId}/publishingDestination", Admin, Destinations.Create),
        new("DescribePublishingDestination", Get, "/detector/{DetectorId}/publishingDestination/{DestinationId}", Viewer, Destinations.Describe),
        new("ListPublishingDestinations", Get, "/detector/{DetectorId}/publishingDestination", Viewer, Destinations.List),
        new("UpdatePublishingDestination", Post, "/detector/{DetectorId}/publishingDestination/{DestinationId}", Admin, Destinations.Update),
        new("DeletePublishingDestination", Delete, "/detector/{DetectorId}/publishingDestination/{DestinationId}", Admin, Destinations.Delete),

        // Members
        new("CreateMembers", Post, "/detector/{DetectorId}/member", Admin, Members.Create),
        new("GetMembers", Post, "/detector/{DetectorId}/member/get", Viewer, Members.Get),
        new("ListMembers", Get, "/detector/{DetectorId}/member", Viewer, Members.List),
        new("InviteMembers", Post, "/detector/{DetectorId}/member/invite", Admin, Members.Invite, "No e-mail is sent: the invited account sees the invitation through the API."),
        new("DisassociateMembers", Post, "/detector/{DetectorId}/member/disassociate", Admin, Members.Disassociate),
        new("DeleteMembers", Post, "/detector/{DetectorId}/member/delete", Admin, Members.Delete),
        new("StartMonitoringMembers", Post, "/detector/{DetectorId}/member/start", Admin, Members.Start),
        new("StopMonitoringMembers", Post, "/detector/{DetectorId}/member/stop", Admin, Members.Stop),
        new("GetMemberDetectors", Post, "/detector/{DetectorId}/member/detector/get", Viewer, MemberDetectors.Get),
        new("UpdateMemberDetectors", Post, "/detector/{DetectorId}/member/detector/update", Admin, MemberDetectors.Update),

        // Invitations and administrators
        new("ListInvitations", Get, "/invitation", Viewer, Invitations.List),
        new("GetInvitationsCount", Get, "/invitation/count", Viewer, Invitations.Count),
        new("DeclineInvitations", Post, "/invitation/decline", Admin, Invitations.Decline),
        new("DeleteInvitations", Post, "/invitation/delete", Admin, Invitations.Delete),
        new("AcceptAdministratorInvitation", Post, "/detector/{DetectorId}/administrator", Admin, Invitations.AcceptAdministrator),
        new("AcceptInvitation", Post, "/detector/{DetectorId}/master", Admin, Invitations.AcceptMaster),
        new("GetAdministratorAccount", Get, "/detector/{DetectorId}/administrator", Viewer, Invitations.GetAdministrator),
        new("GetMasterAccount", Get, "/detector/{DetectorId}/master", Viewer, Invitations.GetMaster),
        new("DisassociateFromAdministratorAccount", Post, "/detector/{DetectorId}/administrator/disassociate", Admin, Invitations.Disassociate),
        new("DisassociateFromMasterAccount", Post, "/detector/{DetectorId}/master/disassociate", Admin, Invitations.Disassociate),

        // Organization
        new("EnableOrganizationAdminAccount", Post, "/admin/enable", Admin, Organization.EnableAdministrator,
            "An installation knows one organization; the account that calls first is its management account."),
        new("DisableOrganizationAdminAccount", Post, "/admin/disable", Admin, Organization.DisableAdministrator),
        new("ListOrganizationAdminAccounts", Get, "/admin", Viewer, Organization.ListAdministrators),
        new("DescribeOrganizationConfiguration", Get, "/detector/{DetectorId}/admin", Viewer, Organization.Describe),
        new("UpdateOrganizationConfiguration", Post, "/detector/{DetectorId}/admin", Admin, Organization.Update,
            "Features reach members at once; accounts become members when they are added, not by being seen."),
        new("GetOrganizationStatistics", Get, "/organization/statistics", Viewer, Organization.Statistics),

        // Tags
        new("ListTagsForResource", Get, "/tags/{ResourceArn}", Viewer, TagOperations.List),
        new("TagResource", Post, "/tags/{ResourceArn}", Responder, TagOperations.Add) { Success = 204 },
        new("UntagResource", Delete, "/tags/{ResourceArn}", Responder, TagOperations.Remove) { Success = 204 },

        // Coverage and usage
        new("ListCoverage", Post, "/detector/{DetectorId}/coverage", Viewer, Coverage.List, NoAgents),
        new("GetCoverageStatistics", Post, "/detector/{DetectorId}/coverage/statistics", Viewer, Coverage.Statistics, NoAgents),
        new("GetUsageStatistics", Post, "/detector/{DetectorId}/usage/statistics", Viewer, Usage.Statistics),
        new("GetRemainingFreeTrialDays", Post, "/detector/{DetectorId}/freeTrial/daysRemaining", Viewer, FreeTrial.DaysRemaining, "There is no trial: no days remain."),

        // Malware protection
        new("CreateMalwareProtectionPlan", Post, "/malware-protection-plan", Admin, MalwarePlans.Create, NoScanner),
        new("GetMalwareProtectionPlan", Get, "/malware-protection-plan/{MalwareProtectionPlanId}", Viewer, MalwarePlans.Get, NoScanner),
        new("ListMalwareProtectionPlans", Get, "/malware-protection-plan", Viewer, MalwarePlans.List),
        new("UpdateMalwareProtectionPlan", Patch, "/malware-protection-plan/{MalwareProtectionPlanId}", Admin, MalwarePlans.Update, NoScanner),
        new("DeleteMalwareProtectionPlan", Delete, "/malware-protection-plan/{MalwareProtectionPlanId}", Admin, MalwarePlans.Delete),
        new("StartMalwareScan", Post, "/malware-scan/start", Responder, MalwareScans.Start, NoScanner),
        new("SendObjectMalwareScan", Post, "/object-malware-scan/send", Responder, MalwareScans.SendObject, "There is no malware scanner: the request is refused."),
        new("GetMalwareScan", Get, "/malware-scan/{ScanId}", Viewer, MalwareScans.Get, NoScanner),
        new("ListMalwareScans", Post, "/malware-scan", Viewer, MalwareScans.List, NoScanner),
        new("DescribeMalwareScans", Post, "/detector/{DetectorId}/malware-scans", Viewer, MalwareScans.Describe, NoScanner),
        new("GetMalwareScanSettings", Get, "/detector/{DetectorId}/malware-scan-settings", Viewer, MalwareSettings.Get),
        new("UpdateMalwareScanSettings", Post, "/detector/{DetectorId}/malware-scan-settings", Admin, MalwareSettings.Update, NoScanner),
    ];
}
