using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Tests.Core.Findings;

public sealed class AsffTypesTests
{
    /// <summary>One or more rows for each way in which GuardDuty's table names a type.</summary>
    [Theory]
    [InlineData("AttackSequence:S3/CompromisedData", "TTPs/AttackSequence:S3/CompromisedData")]
    [InlineData("Backdoor:EC2/C&CActivity.B!DNS", "TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS")]
    [InlineData("Behavior:EC2/NetworkPortUnusual", "Unusual Behaviors/VM/Behavior:EC2-NetworkPortUnusual")]
    [InlineData("CredentialAccess:IAMUser/AnomalousBehavior", "TTPs/Credential Access/IAMUser-AnomalousBehavior")]
    [InlineData("CredentialAccess:Kubernetes/AnomalousBehavior.SecretsAccessed", "TTPs/AnomalousBehavior/CredentialAccess:Kubernetes-SecretsAccessed")]
    [InlineData("CredentialAccess:Kubernetes/TorIPCaller", "TTPs/CredentialAccess/CredentialAccess:Kubernetes-TorIPCaller")]
    [InlineData("CredentialAccess:RDS/AnomalousBehavior.FailedLogin", "TTPs/Credential Access/CredentialAccess:RDS-AnomalousBehavior.FailedLogin")]
    [InlineData("CryptoCurrency:Lambda/BitcoinTool.B", "TTPs/Command and Control/CryptoCurrency:Lambda-BitcoinTool.B")]
    [InlineData("DefenseEvasion:EC2/UnusualDoHActivity", "TTPs/DefenseEvasion/EC2:Unusual-DoH-Activity")]
    [InlineData("DefenseEvasion:EC2/UnusualDNSResolver", "TTPs/DefenseEvasion/EC2:Unusual-DNS-Resolver")]
    [InlineData("DefenseEvasion:EC2/UnusualDoTActivity", "TTPs/DefenseEvasion/EC2:Unusual-DoT-Activity")]
    [InlineData("DefenseEvasion:IAMUser/BedrockLoggingDisabled", "TTPs/Defense Evasion/DefenseEvasion:IAMUser-BedrockLoggingDisabled")]
    [InlineData("DefenseEvasion:Runtime/FilelessExecution", "TTPs/Defense Evasion/DefenseEvasion:Runtime-FilelessExecution")]
    [InlineData("DefenseEvasion:Runtime/SuspiciousCommand", "TTPs/DefenseEvasion/DefenseEvasion:Runtime-SuspiciousCommand")]
    [InlineData("Discovery:IAMUser/AnomalousBehavior", "TTPs/Discovery/IAMUser-AnomalousBehavior")]
    [InlineData("Discovery:Kubernetes/TorIPCaller", "TTPs/Discovery/Discovery:Kubernetes-TorIPCaller")]
    [InlineData("Discovery:RDS/MaliciousIPCaller", "TTPs/Discovery/RDS-MaliciousIPCaller")]
    [InlineData("Discovery:S3/TorIPCaller", "TTPs/Discovery:S3-TorIPCaller")]
    [InlineData("Execution:EC2/MaliciousFile!AMI", "TTPs/Execution/Execution:EC2-MaliciousFile!AMI")]
    [InlineData("Exfiltration:IAMUser/AnomalousBehavior", "TTPs/Exfiltration/IAMUser-AnomalousBehavior")]
    [InlineData("Exfiltration:S3/AnomalousBehavior", "TTPs/Exfiltration:S3-AnomalousBehavior")]
    [InlineData("Impact:EC2/AbusedDomainRequest.Reputation", "TTPs/Impact:EC2-AbusedDomainRequest.Reputation")]
    [InlineData("Impact:EC2/MaliciousDomainRequest.Custom", "TTPs/Impact/Impact:EC2-MaliciousDomainRequest.Custom")]
    [InlineData("Impact:EC2/PortSweep", "TTPs/Impact/Impact:EC2-PortSweep")]
    [InlineData("Impact:Runtime/AbusedDomainRequest.Reputation", "TTPs/Impact/Impact:Runtime-AbusedDomainRequest.Reputation")]
    [InlineData("Impact:S3/MaliciousIPCaller", "TTPs/Impact:S3-MaliciousIPCaller")]
    [InlineData("InitialAccess:IAMUser/AnomalousBehavior", "TTPs/Initial Access/IAMUser-AnomalousBehavior")]
    [InlineData("Object:S3/MaliciousFile", "TTPs/Object/Object:S3-MaliciousFile")]
    [InlineData("PenTest:IAMUser/KaliLinux", "TTPs/PenTest:IAMUser/KaliLinux")]
    [InlineData("PenTest:S3/KaliLinux", "TTPs/PenTest:S3-KaliLinux")]
    [InlineData("Persistence:Kubernetes/AnomalousBehavior.WorkloadDeployed!ContainerWithSensitiveMount", "TTPs/AnomalousBehavior/Persistence:Kubernetes-WorkloadDeployed!ContainerWithSensitiveMount")]
    [InlineData("Persistence:Kubernetes/TorIPCaller", "TTPs/Persistence/Persistence:Kubernetes-TorIPCaller")]
    [InlineData("Policy:IAMUser/RootCredentialUsage", "TTPs/Policy:IAMUser-RootCredentialUsage")]
    [InlineData("Policy:Kubernetes/ExposedDashboard", "Software and Configuration Checks/AWS Security Best Practices/Policy:Kubernetes-ExposedDashboard")]
    [InlineData("Policy:S3/BucketAnonymousAccessGranted", "TTPs/Policy:S3-BucketAnonymousAccessGranted")]
    [InlineData("Policy:S3/BucketBlockPublicAccessDisabled", "Effects/Data Exposure/Policy:S3-BucketBlockPublicAccessDisabled")]
    [InlineData("PrivilegeEscalation:Runtime/ElevationToRoot", "TTPs/Privilege Escalation/PrivilegeEscalation:Runtime-ElevationToRoot")]
    [InlineData("PrivilegeEscalation:Runtime/SuspiciousCommand", "Software and Configuration Checks/PrivilegeEscalation:Runtime-SuspiciousCommand")]
    [InlineData("Recon:EC2/PortProbeUnprotectedPort", "TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort")]
    [InlineData("Recon:IAMUser/TorIPCaller", "TTPs/Discovery/Recon:IAMUser-TorIPCaller")]
    [InlineData("Stealth:IAMUser/CloudTrailLoggingDisabled", "TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled")]
    [InlineData("Trojan:EC2/DriveBySourceTraffic!DNS", "TTPs/Initial Access/Trojan:EC2-DriveBySourceTraffic!DNS")]
    [InlineData("Trojan:EC2/DropPoint", "Effects/Data Exfiltration/Trojan:EC2-DropPoint")]
    [InlineData("Trojan:EC2/DNSDataExfiltration", "TTPs/Command and Control/Trojan:EC2-DNSDataExfiltration")]
    [InlineData("UnauthorizedAccess:EC2/MaliciousIPCaller.Custom", "TTPs/Command and Control/UnauthorizedAccess:EC2-MaliciousIPCaller.Custom")]
    [InlineData("UnauthorizedAccess:EC2/MetadataDNSRebind", "TTPs/UnauthorizedAccess:EC2-MetadataDNSRebind")]
    [InlineData("UnauthorizedAccess:EC2/SSHBruteForce", "TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce")]
    [InlineData("UnauthorizedAccess:EC2/TorRelay", "Effects/Resource Consumption/UnauthorizedAccess:EC2-TorRelay")]
    [InlineData("UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B", "TTPs/UnauthorizedAccess:IAMUser-ConsoleLoginSuccess.B")]
    [InlineData("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", "Effects/Data Exfiltration/UnauthorizedAccess:IAMUser-InstanceCredentialExfiltration.OutsideAWS")]
    [InlineData("UnauthorizedAccess:IAMUser/MaliciousIPCaller", "TTPs/UnauthorizedAccess:IAMUser-MaliciousIPCaller")]
    [InlineData("UnauthorizedAccess:IAMUser/TorIPCaller", "TTPs/Command and Control/UnauthorizedAccess:IAMUser-TorIPCaller")]
    [InlineData("UnauthorizedAccess:S3/TorIPCaller", "TTPs/UnauthorizedAccess:S3-TorIPCaller")]
    [InlineData("Yagura:Health/LogsStopped", "Software and Configuration Checks/Yagura:Health-LogsStopped")]
    [InlineData("Yagura:EC2/Beaconing", "TTPs/Command and Control/Yagura:EC2-Beaconing")] // ours, named as theirs are
    public void A_type_is_named_as_the_guide_names_it(string type, string expected) => Assert.Equal(expected, AsffTypes.Of(new(type)));

    [Fact]
    public void Every_type_has_a_name_of_its_own_in_a_namespace_of_the_format()
    {
        var names = FindingTypeCatalog.All.Select(entry => AsffTypes.Of(entry.Type)).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Contains(name.Split('/')[0], (string[])["Software and Configuration Checks", "TTPs", "Effects", "Unusual Behaviors", "Sensitive Data Identifications"]));
    }
}
