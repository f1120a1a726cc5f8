using System.Text.Json.Nodes;

namespace Yagura.Scenarios.Tests;

/// <summary>Which of our rules has the idea of which rule of the Panther tests, and how their events become ours.</summary>
internal static class PantherRules
{
    /// <summary>Our shipped rule, or the finding type whose rule it is, and the rule of Panther whose every test it must agree with.</summary>
    public static readonly (string Ours, string Theirs)[] Pairs =
    [
        ("DefenseEvasion:IAMUser/BedrockLoggingDisabled", "AWS.Bedrock.DeleteModelInvocationLoggingConfiguration"),
        ("bedrock_guardrail_changed", "AWS.Bedrock.GuardrailUpdateDelete"),
        ("account_contacts_read", "AWS.CloudTrail.Account.Discovery"),
        ("ses_identities_verified", "AWS.CloudTrail.SES.CheckIdentityVerifications"),
        ("ses_send_quota_read", "AWS.CloudTrail.SES.CheckSendQuota"),
        ("ses_identities_listed", "AWS.CloudTrail.SES.ListIdentities"),
        ("Stealth:IAMUser/CloudTrailLoggingDisabled", "AWS.CloudTrail.Stopped"),
        ("console_mfa_failed", "AWS.Unsuccessful.MFA.attempt"),
        ("config_recording_stopped", "AWS.ConfigService.DisabledDeleted"),
        ("console_login_without_saml", "AWS.Console.LoginWithoutSAML"),
        ("ebs_default_encryption_disabled", "AWS.EC2.EBS.Encryption.Disabled"),
        ("network_gateway_changed", "AWS.EC2.GatewayModified"),
        ("image_created", "AWS.EC2.Monitoring"),
        ("network_acl_changed", "AWS.EC2.NetworkACLModified"),
        ("admin_policy_attached_to_role", "AWS.IAM.AttachAdminRolePolicy"),
        ("admin_policy_attached_to_user", "AWS.IAM.AttachAdminUserPolicy"),
        ("iam_user_created", "AWS.IAM.CreateUser"),
        ("access_key_for_another_user", "AWS.IAM.Backdoor.User.Keys"),
        ("macie_weakened", "AWS.Macie.Evasion"),
        ("lambda_code_updated_by_person", "AWS.Lambda.UpdateFunctionCode"),
        ("rds_failover", "AWS.RDS.ClusterFailover"),
        ("rds_deleted", "AWS.RDS.InstanceDeletion"),
        ("rds_made_public", "AWS.RDS.InstanceMadePublic"),
        ("rds_rebooted", "AWS.RDS.InstanceRebooted"),
        ("rds_restored_in_public", "AWS.RDS.PublicRestore"),
        ("rds_snapshot_deleted", "AWS.RDS.SnapshotDeleted"),
        ("rds_shared_snapshots_listed", "AWS.RDS.SnapshotEnumeration"),
        ("root_password_changed", "AWS.CloudTrail.RootPasswordChanged"),
        ("s3_bucket_deleted", "AWS.S3.BucketDeleted"),
        ("s3_bucket_policy_changed", "AWS.S3.BucketPolicyModified"),
        ("s3_copied_with_foreign_key", "AWS.S3.CopyObject.CrossAccount.Encryption.KMS"),
        ("s3_copied_with_customer_key", "AWS.S3.CopyObjectWithClientSideEncryption"),
        ("s3_bucket_encryption_deleted", "AWS.S3.DeleteBucketEncryption"),
        ("s3_objects_deleted_in_bulk", "AWS.S3.DeleteObjects"),
        ("Stealth:S3/ServerAccessLoggingDisabled", "AWS.S3.DisableBucketLogging"),
        ("s3_ransom_note", "AWS.S3.RansomwareNoteUpload"),
        ("s3_versioning_suspended", "AWS.S3.SuspendVersioning"),
        ("saml_provider_changed", "AWS.Suspicious.SAML.Activity"),
        ("secrets_read_in_batches", "AWS.SecretsManager.BatchRetrieveSecrets"),
        ("secrets_read_all", "AWS.SecretsManager.RetrieveSecretsMultiRegion"),
        ("trufflehog_verified_a_key", "AWS.STS.GetCallerIdentity.TruffleHog"),
        ("waf_detached", "AWS.WAF.Disassociation"),
        ("eks_anonymous_access", "Kubernetes.API.AnonymousAccess"),
        ("eks_client_certificate_requested", "Kubernetes.ClientCertificate.Created"),
        ("eks_daemonset_created", "Kubernetes.DaemonSet.Created"),
        ("eks_exec_into_pod", "Kubernetes.Pod.Exec"),
        ("eks_files_copied_from_pod", "Kubernetes.Kubectl.CP.Operation"),
        ("eks_pod_dangerous_capabilities", "Kubernetes.Pod.Dangerous.Capabilities"),
        ("eks_pod_host_ipc", "Kubernetes.Pod.Host.IPC"),
        ("eks_pod_host_network", "Kubernetes.Pod.Host.Network"),
        ("eks_pod_host_pid", "Kubernetes.Pod.Host.PID"),
        ("eks_role_node_proxy", "Kubernetes.Role.NodeProxyPermissions"),
        ("eks_role_pod_exec", "Kubernetes.Role.PodExec"),
        ("eks_secret_refused", "Kubernetes.Secret.AccessDenied"),
        ("eks_nodeport_created", "Kubernetes.Service.NodePort.Deployed"),
        ("eks_service_account_token_created", "Kubernetes.ServiceAccount.TokenCreated"),
        ("eks_service_account_token_stolen", "Kubernetes.Pod.StealServiceAccountToken"),
        ("flow_public_to_admin_port", "AWS.VPC.InboundPortBlacklist"),
        ("s3_used_without_name", "AWS.S3.ServerAccess.Unauthenticated"),
    ];

    /// <summary>The event with our names: Panther renames the fields of text logs, and puts some of its own beside those of the log.</summary>
    public static JsonObject Ours(JsonObject theirs)
    {
        var ours = new JsonObject();
        foreach (var (name, value) in theirs)
        {
            var key = name switch { "srcAddr" => "srcaddr", "dstAddr" => "dstaddr", "srcPort" => "srcport", "dstPort" => "dstport", "bucket" => "bucket_name", _ => name };
            if (!name.StartsWith("p_", StringComparison.Ordinal)) ours.Add(key, value?.DeepClone());
        }
        return ours;
    }
}
