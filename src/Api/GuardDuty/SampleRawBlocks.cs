using Yagura.Core.Findings;

namespace Yagura.Api.GuardDuty;

/// <summary>The parts of sample findings that no detector here fills.</summary>
internal static class SampleRawBlocks
{
    private const string RemoteIp = """
        {"ipAddressV4":"198.51.100.0","organization":{"asn":"0","asnOrg":"GeneratedFindingASNOrg","isp":"GeneratedFindingISP","org":"GeneratedFindingORG"},"country":{"countryName":"GeneratedFindingCountryName"},"city":{"cityName":"GeneratedFindingCityName"},"geoLocation":{"lat":0,"lon":0}}
        """;

    private const string Container = """{"id":"GeneratedFindingContainerId","name":"GeneratedFindingContainerName","image":"GeneratedFindingContainerImage","containerRuntime":"docker"}""";

    public static RawBlock Runtime { get; } = new("runtimeDetails", """
        {"process":{"name":"GeneratedFindingProcessName","executablePath":"/GeneratedFindingExecutablePath","executableSha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","pid":9999,"namespacePid":9999,"pwd":"/","startTime":1577836800,"uuid":"GeneratedFindingProcessUuid","parentUuid":"GeneratedFindingParentUuid","user":"GeneratedFindingUserName","userId":0,"euid":0,"lineage":[]},"context":{}}
        """);

    public static RawBlock VolumeScan { get; } = new("ebsVolumeScanDetails", """
        {"scanId":"GeneratedFindingScanId","scanStartedAt":1577836800,"scanCompletedAt":1577836860,"triggerFindingId":"GeneratedFindingTriggerFindingId","sources":["GeneratedFindingSource"],"scanType":"GUARDDUTY_INITIATED","scanDetections":{"scannedItemCount":{"totalGb":1,"files":1,"volumes":1},"threatsDetectedItemCount":{"files":1},"highestSeverityThreatDetails":{"severity":"HIGH","threatName":"GeneratedFindingThreatName","count":1},"threatDetectedByName":{"itemCount":1,"uniqueThreatNameCount":1,"shortened":false,"threatNames":[{"name":"GeneratedFindingThreatName","severity":"HIGH","itemCount":1,"filePaths":[{"filePath":"/GeneratedFindingFilePath","fileName":"GeneratedFindingFileName","volumeArn":"GeneratedFindingVolumeArn","hash":"GeneratedFindingHash"}]}]}}}
        """);

    public static RawBlock MalwareScan { get; } = new("malwareScanDetails", """
        {"threats":[{"name":"GeneratedFindingThreatName","source":"GeneratedFindingSource","itemPaths":[{"nestedItemPath":"GeneratedFindingItemPath","hash":"GeneratedFindingHash"}]}]}
        """);

    public static IReadOnlyList<RawBlock> Resource(ResourceType type, string partition, string account, string region) => type switch
    {
        ResourceType.EKSCluster =>
        [
            new("eksClusterDetails", $$"""{"name":"GeneratedFindingEKSClusterName","arn":"arn:{{partition}}:eks:{{region}}:{{account}}:cluster/GeneratedFindingEKSClusterName","vpcId":"GeneratedFindingEKSClusterVpcId","status":"ACTIVE","createdAt":1577836800,"tags":[{"key":"GeneratedFindingEKSClusterTag1","value":"GeneratedFindingEKSClusterTagValue1"}]}"""),
            new("kubernetesDetails", $$$"""{"kubernetesUserDetails":{"username":"GeneratedFindingUserName","uid":"GeneratedFindingUID","groups":["GeneratedFindingUserGroup"]},"kubernetesWorkloadDetails":{"name":"GeneratedFindingKubernetesWorkloadName","type":"pods","uid":"GeneratedFindingKubernetesWorkloadUID","namespace":"GeneratedFindingKubernetesNamespace","hostNetwork":false,"containers":[{{{Container}}}],"volumes":[]}}"""),
        ],
        ResourceType.ECSCluster =>
        [
            new("ecsClusterDetails", $$$"""{"name":"GeneratedFindingECSClusterName","arn":"arn:{{{partition}}}:ecs:{{{region}}}:{{{account}}}:cluster/GeneratedFindingECSClusterName","status":"ACTIVE","activeServicesCount":1,"registeredContainerInstancesCount":1,"runningTasksCount":1,"tags":[],"taskDetails":{"arn":"GeneratedFindingECSTaskArn","definitionArn":"GeneratedFindingECSTaskDefinitionArn","version":"1","createdAt":1577836800,"startedAt":1577836800,"startedBy":"GeneratedFindingECSTaskStartedBy","tags":[],"volumes":[],"containers":[{{{Container}}}],"group":"GeneratedFindingECSTaskGroup","launchType":"EC2"}}"""),
        ],
        ResourceType.Container => [new("containerDetails", Container)],
        ResourceType.RDSDBInstance =>
        [
            new("rdsDbInstanceDetails", $$"""{"dbInstanceIdentifier":"GeneratedFindingDBInstanceId","engine":"GeneratedFindingEngine","engineVersion":"GeneratedFindingEngineVersion","dbClusterIdentifier":"GeneratedFindingDBClusterId","dbInstanceArn":"arn:{{partition}}:rds:{{region}}:{{account}}:db:GeneratedFindingDBInstanceId","tags":[{"key":"GeneratedFindingDBInstanceTag1","value":"GeneratedFindingDBInstanceTagValue1"}]}"""),
            new("rdsDbUserDetails", """{"user":"GeneratedFindingUserName","application":"GeneratedFindingApplicationName","database":"GeneratedFindingDatabaseName","ssl":"GeneratedFindingSSLValue","authMethod":"GeneratedFindingAuthMethod"}"""),
        ],
        ResourceType.Lambda =>
        [
            new("lambdaDetails", $$"""{"functionArn":"arn:{{partition}}:lambda:{{region}}:{{account}}:function:GeneratedFindingLambdaFunctionName","functionName":"GeneratedFindingLambdaFunctionName","functionVersion":"$LATEST","description":"GeneratedFindingLambdaFunctionDescription","lastModifiedAt":1577836800,"revisionId":"GeneratedFindingRevisionId","role":"arn:{{partition}}:iam::{{account}}:role/GeneratedFindingLambdaRole","vpcConfig":{"subnetIds":["GeneratedFindingSubnetId"],"vpcId":"GeneratedFindingVPCId","securityGroups":[]},"tags":[{"key":"GeneratedFindingLambdaTag1","value":"GeneratedFindingLambdaTagValue1"}]}"""),
        ],
        ResourceType.EBSSnapshot => [new("ebsSnapshotDetails", $$"""{"snapshotArn":"arn:{{partition}}:ec2:{{region}}::snapshot/snap-99999999"}""")],
        ResourceType.EC2Image => [new("ec2ImageDetails", $$"""{"imageArn":"arn:{{partition}}:ec2:{{region}}::image/ami-99999999"}""")],
        ResourceType.EC2RecoveryPoint or ResourceType.S3RecoveryPoint =>
            [new("recoveryPointDetails", $$"""{"recoveryPointArn":"arn:{{partition}}:backup:{{region}}:{{account}}:recovery-point:GeneratedFindingRecoveryPoint","backupVaultName":"GeneratedFindingBackupVaultName"}""")],
        _ => [],
    };

    public static IReadOnlyList<RawBlock> Action(string kind) => kind switch
    {
        "KUBERNETES_API_CALL" =>
            [new("kubernetesApiCallAction", $$"""{"requestUri":"GeneratedFindingRequestURI","verb":"list","sourceIPs":["198.51.100.0"],"userAgent":"GeneratedFindingUserAgent","statusCode":200,"remoteIpDetails":{{RemoteIp.Trim()}}}""")],
        "RDS_LOGIN_ATTEMPT" =>
            [new("rdsLoginAttemptAction", $$"""{"remoteIpDetails":{{RemoteIp.Trim()}},"LoginAttributes":[{"user":"GeneratedFindingUserName","application":"GeneratedFindingApplicationName","failedLoginAttempts":1,"successfulLoginAttempts":1}]}""")],
        _ => [],
    };
}
