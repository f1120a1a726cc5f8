using System.Collections.Frozen;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors.Signals;

/// <summary>The table of weak signals.</summary>
/// <remarks>In the table is what attackers do in every second report and administrators seldom enough to look at beside a finding. What everybody's tools call all day
/// (<c>GetCallerIdentity</c>, <c>ListBuckets</c>, <c>GetObject</c>) is not: without knowing what is usual for the caller it says nothing, and what is unusual is a finding of its own.</remarks>
public static class SignalApis
{
    /// <summary>Calls that were denied, of whatever API: somebody tries which doors are open. Counted apart, with what principals did.</summary>
    public static SignalApi Denied { get; } = new("any", "AccessDenied", Tactic.Discovery, "T1580", "calls were denied one after the other") { Least = 10 };

    public static IReadOnlyList<SignalApi> All { get; } =
    [
        new("iam", "GetAccountAuthorizationDetails", Tactic.Discovery, "T1087.004", "all users, roles and their rights were read out"),
        new("iam", "SimulatePrincipalPolicy", Tactic.Discovery, "T1069.003", "it was tried out what a principal may do") { Least = 3 },

        new("ec2", "GetPasswordData", Tactic.CredentialAccess, "T1552.005", "passwords of Windows instances were asked for") { Least = 3 },
        new("ec2", "DescribeInstanceAttribute", Tactic.CredentialAccess, "T1552.005", "start scripts of instances were read out") { Least = 5, Suits = Asks("userData") },
        new("secretsmanager", "GetSecretValue", Tactic.CredentialAccess, "T1555.006", "secrets were read one after the other") { Least = 15 },
        new("secretsmanager", "BatchGetSecretValue", Tactic.CredentialAccess, "T1555.006", "secrets were read by the batch") { Least = 3 },
        new("ssm", "GetParameters", Tactic.CredentialAccess, "T1555.006", "parameters were decrypted one after the other") { Least = 5, Suits = Asks("\"withDecryption\":true") },

        new("iam", "CreateUser", Tactic.Persistence, "T1136.003", "a user was made"),
        new("iam", "CreateAccessKey", Tactic.Persistence, "T1098.001", "an access key was made"),
        new("iam", "CreateLoginProfile", Tactic.Persistence, "T1098", "a user got a password for the console"),
        new("iam", "UpdateLoginProfile", Tactic.Persistence, "T1098", "a user's password for the console was changed"),
        new("iam", "UpdateAssumeRolePolicy", Tactic.Persistence, "T1098", "it was changed who may assume a role"),
        new("rolesanywhere", "CreateTrustAnchor", Tactic.Persistence, "T1098", "certificates of somebody's own were made good for roles"),
        new("ec2", "ImportKeyPair", Tactic.Persistence, "T1098.004", "a key for logging in to instances was brought in"),

        new("iam", "AttachUserPolicy", Tactic.PrivilegeEscalation, "T1098.003", "a user got the rights of an administrator") { Suits = GivesEverything },
        new("iam", "AttachRolePolicy", Tactic.PrivilegeEscalation, "T1098.003", "a role got the rights of an administrator") { Suits = GivesEverything },
        new("iam", "AttachGroupPolicy", Tactic.PrivilegeEscalation, "T1098.003", "a group got the rights of an administrator") { Suits = GivesEverything },
        new("iam", "PutUserPolicy", Tactic.PrivilegeEscalation, "T1098.003", "a policy was written into a user"),
        new("iam", "SetDefaultPolicyVersion", Tactic.PrivilegeEscalation, "T1098.003", "another version of a policy came into force"),

        new("cloudtrail", "StopLogging", Tactic.DefenseEvasion, "T1562.008", "a trail was stopped"),
        new("cloudtrail", "DeleteTrail", Tactic.DefenseEvasion, "T1562.008", "a trail was deleted"),
        new("ec2", "DeleteFlowLogs", Tactic.DefenseEvasion, "T1562.008", "flow logs were switched off"),
        new("route53resolver", "DeleteResolverQueryLogConfig", Tactic.DefenseEvasion, "T1562.008", "the logging of DNS queries was deleted"),
        new("route53resolver", "DisassociateResolverQueryLogConfig", Tactic.DefenseEvasion, "T1562.008", "the logging of DNS queries was switched off"),
        new("guardduty", "DeleteDetector", Tactic.DefenseEvasion, "T1562.001", "GuardDuty was switched off"),
        new("securityhub", "DisableSecurityHub", Tactic.DefenseEvasion, "T1562.001", "Security Hub was switched off"),
        new("config", "StopConfigurationRecorder", Tactic.DefenseEvasion, "T1562.008", "the configuration recorder was stopped"),
        new("config", "DeleteConfigurationRecorder", Tactic.DefenseEvasion, "T1562.008", "the configuration recorder was deleted"),
        new("organizations", "LeaveOrganization", Tactic.DefenseEvasion, "T1562", "the account was to leave its organization"),
        new("s3", "PutBucketLifecycle", Tactic.DefenseEvasion, "T1562.008", "what a bucket holds was set to expire within days") { Suits = ExpiresSoon },
        new("s3", "PutBucketLifecycleConfiguration", Tactic.DefenseEvasion, "T1562.008", "what a bucket holds was set to expire within days") { Suits = ExpiresSoon },
        new("ec2", "AuthorizeSecurityGroupIngress", Tactic.DefenseEvasion, "T1562.007", "a security group was opened to everybody") { Suits = Asks("0.0.0.0/0") },

        new("ssm", "SendCommand", Tactic.Execution, "T1651", "commands were sent to instances"),
        new("ssm", "StartSession", Tactic.Execution, "T1651", "shells on instances were opened") { Least = 3 },
        new("ec2-instance-connect", "SendSSHPublicKey", Tactic.LateralMovement, "T1021.004", "keys for logging in were pushed to instances") { Least = 3 },
        new("ec2-instance-connect", "SendSerialConsoleSSHPublicKey", Tactic.LateralMovement, "T1021.008", "a serial console was opened"),

        new("ec2", "ModifySnapshotAttribute", Tactic.Exfiltration, "T1537", "a disk was shared with another account") { Suits = Asks("\"add\"") },
        new("ec2", "ModifyImageAttribute", Tactic.Exfiltration, "T1537", "an image was shared with another account") { Suits = Asks("\"add\"") },
        new("rds", "ModifyDBSnapshotAttribute", Tactic.Exfiltration, "T1537", "a copy of a database was shared with another account") { Suits = Asks("\"valuesToAdd\"") },
        new("s3", "PutBucketReplication", Tactic.Exfiltration, "T1537", "what a bucket holds is copied elsewhere") { IsOfData = true },

        new("s3", "DeleteObject", Tactic.Impact, "T1485", "objects were deleted by the hundred") { Least = 100, IsOfData = true },
        new("s3", "DeleteObjects", Tactic.Impact, "T1485", "objects were deleted by the batch") { Least = 10, IsOfData = true },
        new("kms", "ScheduleKeyDeletion", Tactic.Impact, "T1485", "a key, and with it what it encrypts, is to be destroyed"),
        new("kms", "DisableKey", Tactic.Impact, "T1486", "a key was disabled"),
        new("rds", "DeleteDBInstance", Tactic.Impact, "T1485", "a database was deleted without a last copy") { Suits = Asks("\"skipFinalSnapshot\":true") },
        new("ec2", "RunInstances", Tactic.Impact, "T1496.001", "instances were started that are made for computing") { Suits = IsForComputing },
    ];

    private static readonly FrozenDictionary<ulong, SignalApi[]> ByName =
        All.GroupBy(api => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(api.Name))).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    private static readonly FrozenDictionary<string, SignalApi> ByKey = All.ToFrozenDictionary(api => KeyOf(api.EventSource, api.Name), StringComparer.Ordinal);

    /// <summary>The row of a call; null for most. Allocates nothing.</summary>
    public static SignalApi? Of(ApiCall call)
    {
        if (!ByName.TryGetValue(XxHash3.HashToUInt64(call.Name), out var rows)) return null;
        foreach (var row in rows)
        {
            // A hash may be that of another name, and another service may have a call of the same.
            if (Ascii.Equals(call.Name, row.Name) && Ascii.Equals(call.Source, row.EventSource) && row.Suits(call)) return row;
        }
        return null;
    }

    /// <summary>The row of what was kept of some calls; null where the table has it no more.</summary>
    public static SignalApi? Of(string eventSource, string name) => ByKey.GetValueOrDefault(KeyOf(eventSource, name));

    private static string KeyOf(string eventSource, string name) => $"{eventSource} {name}";

    private static Func<ApiCall, bool> Asks(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return call => call[ApiField.RequestParameters].IndexOf(bytes) >= 0;
    }

    private static bool GivesEverything(ApiCall call)
    {
        var request = call[ApiField.RequestParameters];
        return request.IndexOf(":policy/AdministratorAccess\""u8) >= 0 || request.IndexOf(":policy/IAMFullAccess\""u8) >= 0;
    }

    /// <summary>A rule that lets objects expire within a week: shorter than anybody looks at logs.</summary>
    private static bool ExpiresSoon(ApiCall call)
    {
        const int Week = 7;
        if (!RequestJson.TryParse(call[ApiField.RequestParameters], out var request)) return false;
        using (request)
        {
            return request.RootElement.Child("LifecycleConfiguration").Child("Rule").Items()
                .Any(rule => int.TryParse(rule.Child("Expiration").Text("Days"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= Week);
        }
    }

    /// <summary>With graphics processors, or as large as they come.</summary>
    private static bool IsForComputing(ApiCall call)
    {
        if (!RequestJson.TryParse(call[ApiField.RequestParameters], out var request)) return false;
        using (request)
        {
            if (request.RootElement.Text("instanceType") is not { Length: > 1 } type) return false;
            return (type[0] is 'p' or 'g' && char.IsAsciiDigit(type[1])) || type.StartsWith("trn", StringComparison.Ordinal) || type.StartsWith("inf", StringComparison.Ordinal)
                || type.EndsWith(".24xlarge", StringComparison.Ordinal) || type.EndsWith(".32xlarge", StringComparison.Ordinal)
                || type.EndsWith(".48xlarge", StringComparison.Ordinal) || type.EndsWith(".metal", StringComparison.Ordinal);
        }
    }
}
