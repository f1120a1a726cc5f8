using Yagura.Simulation.Writing;

namespace Yagura.Simulation.CloudTrail;

/// <summary>One API of the background: how often it is called, by whom, and what it leaves in the log.</summary>
internal sealed class Api
{
    [Flags]
    public enum Who { None = 0, Person = 1, Machine = 2, Service = 4, All = 7 }

    private Api(string service, string name, int weight, Who who, string? request, string? response, string? error, bool global, bool data)
    {
        Source = CloudTrailEvent.Bytes($"{service}.amazonaws.com");
        Name = CloudTrailEvent.Bytes(name);
        Weight = weight;
        Callers = who;
        Request = request is null ? null : Template.Parse(request);
        Response = response is null ? null : Template.Parse(response);
        ReadOnly = name.StartsWith("Describe", StringComparison.Ordinal) || name.StartsWith("Get", StringComparison.Ordinal) || name.StartsWith("List", StringComparison.Ordinal)
            || name.StartsWith("Head", StringComparison.Ordinal) || name.StartsWith("Lookup", StringComparison.Ordinal) || name.StartsWith("BatchGet", StringComparison.Ordinal)
            || name is "AssumeRole" or "Decrypt" or "GenerateDataKey" or "Encrypt";
        IsGlobal = global;
        IsData = data;
        var parts = (error ?? (service is "ec2"
            ? "Client.UnauthorizedOperation|You are not authorized to perform this operation. User: arn:aws:sts::<account>:assumed-role/<role>/session is not authorized to perform: ec2:" + name + " because no identity-based policy allows the ec2:" + name + " action"
            : $"AccessDenied|User: arn:aws:sts::<account>:assumed-role/<role>/session is not authorized to perform: {service}:{name} because no identity-based policy allows the {service}:{name} action")).Split('|');
        ErrorCode = CloudTrailEvent.Bytes(parts[0]);
        ErrorMessage = Template.Parse(parts[1]);
        if (service is "s3")
        {
            Additional = Template.Parse(data
                ? """{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<token>","bytesTransferredOut":<number>}"""
                : """{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":<number>}""");
            Resources = Template.Parse(data
                ? """[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::<bucket>/"},{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]"""
                : """[{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]""");
        }
        else if (service is "kms")
        {
            Resources = Template.Parse("""[{"accountId":"<account>","type":"AWS::KMS::Key","ARN":"arn:aws:kms:<region>:<account>:key/<hex17>"}]""");
        }
        else if (name is "AssumeRole")
        {
            Resources = Template.Parse("""[{"accountId":"<account>","type":"AWS::IAM::Role","ARN":"arn:aws:iam::<account>:role/<role>"}]""");
        }
    }

    public byte[] Source { get; }
    public byte[] Name { get; }
    public int Weight { get; }
    public Who Callers { get; }
    public Template? Request { get; }
    public Template? Response { get; }
    public Template? Additional { get; }
    public Template? Resources { get; }
    public byte[] ErrorCode { get; }
    public Template ErrorMessage { get; }
    public bool ReadOnly { get; }
    /// <summary>Logged in the home region of the global services only.</summary>
    public bool IsGlobal { get; }
    public bool IsData { get; }

    private static Api Regional(Who who, int weight, string service, string name, string? request = null, string? response = null, string? error = null) =>
        new(service, name, weight, who, request, response, error, global: false, data: false);

    private static Api Global(Who who, int weight, string service, string name, string? request = null, string? response = null, string? error = null) =>
        new(service, name, weight, who, request, response, error, global: true, data: false);

    private static Api Data(Who who, int weight, string name, string request, string? response = null, string? error = null) =>
        new("s3", name, weight, who, request, response, error, global: false, data: true);

    private const string S3Get = """{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<object>"}""";

    private static string S3Bucket(string query) =>
        $$"""{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","{{query}}":""}""";

    /// <summary>Every API of the background. Changes that a detector watches (trails, policies, public access, logging) are left to the scenarios.</summary>
    public static IReadOnlyList<Api> All { get; } =
    [
        // EC2: what people look at and what automation asks all day.
        Regional(Who.All, 60, "ec2", "DescribeInstances", """{"maxResults":1000,"instancesSet":{"items":[{"instanceId":"<instance>"},{"instanceId":"<instance>"}]},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"},{"value":"pending"}]}},{"name":"tag:environment","valueSet":{"items":[{"value":"<stage>"}]}}]}}"""),
        Regional(Who.All, 25, "ec2", "DescribeVolumes", """{"volumeSet":{"items":[{"volumeId":"vol-<hex17>"},{"volumeId":"vol-<hex17>"},{"volumeId":"vol-<hex17>"}]},"filterSet":{"items":[{"name":"status","valueSet":{"items":[{"value":"in-use"}]}}]}}""", error: "Client.InvalidVolume.NotFound|The volume 'vol-<hex17>' does not exist."),
        Regional(Who.All, 25, "ec2", "DescribeSecurityGroups", """{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"<group>"},{"groupId":"sg-<hex17>"}]},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"<vpc>"}]}}]}}""", error: "Client.InvalidGroup.NotFound|The security group 'sg-<hex17>' does not exist"),
        Regional(Who.All, 22, "ec2", "DescribeNetworkInterfaces", """{"networkInterfaceIdSet":{"items":[{"networkInterfaceId":"<interface>"}]},"filterSet":{"items":[{"name":"attachment.status","valueSet":{"items":[{"value":"attached"}]}}]}}"""),
        Regional(Who.All, 20, "ec2", "DescribeSubnets", """{"subnetSet":{"items":[{"subnetId":"<subnet>"}]},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"<vpc>"}]}}]}}"""),
        Regional(Who.Person | Who.Machine, 16, "ec2", "DescribeRouteTables", """{"routeTableIdSet":{"items":[{"routeTableId":"rtb-<hex17>"}]},"filterSet":{}}""", error: "Client.InvalidRouteTableID.NotFound|The routeTable ID 'rtb-<hex17>' does not exist"),
        Regional(Who.All, 16, "ec2", "DescribeVpcs", """{"vpcSet":{"items":[{"vpcId":"<vpc>"}]},"filterSet":{}}"""),
        Regional(Who.All, 16, "ec2", "DescribeImages", """{"executableBySet":{},"imagesSet":{"items":[{"imageId":"ami-<hex17>"}]},"ownersSet":{"items":[{"owner":"self"}]},"filterSet":{}}"""),
        Regional(Who.All, 12, "ec2", "DescribeInstanceStatus", """{"instancesSet":{"items":[{"instanceId":"<instance>"}]},"filterSet":{},"includeAllInstances":false}"""),
        Regional(Who.Person | Who.Machine, 10, "ec2", "DescribeInstanceAttribute", """{"instanceId":"<instance>","attribute":"userData"}"""),
        Regional(Who.All, 14, "ec2", "DescribeTags", """{"filterSet":{"items":[{"name":"resource-id","valueSet":{"items":[{"value":"<instance>"}]}},{"name":"key","valueSet":{"items":[{"value":"aws:autoscaling:groupName"}]}}]}}"""),
        Regional(Who.Person, 8, "ec2", "DescribeAccountAttributes", """{"accountAttributeNameSet":{"items":[{"attributeName":"supported-platforms"}]},"filterSet":{}}"""),
        Regional(Who.Person, 8, "ec2", "DescribeAvailabilityZones", """{"availabilityZoneSet":{},"availabilityZoneIdSet":{}}"""),
        Regional(Who.Person | Who.Machine, 8, "ec2", "DescribeNatGateways", """{"DescribeNatGatewaysRequest":{"NatGatewayId":{"tag":1,"content":"nat-<hex17>"}}}"""),
        Regional(Who.Person | Who.Machine, 6, "ec2", "DescribeSnapshots", """{"maxResults":200,"snapshotSet":{"items":[{"snapshotId":"snap-<hex17>"}]},"ownersSet":{"items":[{"owner":"self"}]},"sharedUsersSet":{},"filterSet":{}}"""),
        Regional(Who.Person | Who.Machine, 5, "ec2", "DescribeVpcEndpoints", """{"DescribeVpcEndpointsRequest":{"VpcEndpointId":{"tag":1,"content":"vpce-<hex17>"}}}"""),
        Regional(Who.Person | Who.Machine, 5, "ec2", "CreateTags", """{"resourcesSet":{"items":[{"resourceId":"<instance>"}]},"tagSet":{"items":[{"key":"environment","value":"<stage>"},{"key":"service","value":"<thing>"},{"key":"owner","value":"<person>"}]}}""", """{"requestId":"<uuid>","_return":true}"""),
        Regional(Who.Machine | Who.Service, 2, "ec2", "RunInstances", """{"instancesSet":{"items":[{"imageId":"ami-<hex17>","minCount":1,"maxCount":1}]},"instanceType":"m6i.large","blockDeviceMapping":{},"monitoring":{"enabled":false},"subnetId":"<subnet>","disableApiTermination":false,"disableApiStop":false,"clientToken":"<uuid>","iamInstanceProfile":{"name":"<role>"},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"service","value":"<thing>"}]}]}}""", """{"requestId":"<uuid>","reservationId":"r-<hex17>","ownerId":"<account>","groupSet":{},"instancesSet":{"items":[{"instanceId":"i-<hex17>","imageId":"ami-<hex17>","instanceState":{"code":0,"name":"pending"},"privateDnsName":"ip-10-99-4-20.ec2.internal","amiLaunchIndex":0,"productCodes":{},"instanceType":"m6i.large","launchTime":<millis>,"placement":{"availabilityZone":"<region>a","tenancy":"default"},"monitoring":{"state":"disabled"},"subnetId":"<subnet>","vpcId":"<vpc>","privateIpAddress":"10.99.4.20","stateReason":{"code":"pending","message":"pending"},"architecture":"x86_64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda","blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen","tagSet":{"items":[{"key":"service","value":"<thing>"}]},"groupSet":{"items":[{"groupId":"<group>","groupName":"<thing>-web"}]},"networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-<hex17>","subnetId":"<subnet>","vpcId":"<vpc>","ownerId":"<account>","status":"in-use","macAddress":"0a:1b:2c:3d:4e:5f","privateIpAddress":"10.99.4.20","sourceDestCheck":true}]},"ebsOptimized":false,"enaSupport":true}]}}""", "Client.InsufficientInstanceCapacity|We currently do not have sufficient m6i.large capacity in the Availability Zone you requested (<region>a)."),
        Regional(Who.Machine | Who.Service, 3, "ec2", "TerminateInstances", """{"instancesSet":{"items":[{"instanceId":"i-<hex17>"}]}}""", """{"requestId":"<uuid>","instancesSet":{"items":[{"instanceId":"i-<hex17>","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}"""),
        Regional(Who.Person | Who.Machine, 3, "ec2", "AuthorizeSecurityGroupIngress", """{"groupId":"<group>","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"10.0.0.0/8","description":"<thing>"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}""", """{"requestId":"<uuid>","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"<account>","groupId":"<group>","securityGroupRuleId":"sgr-<hex17>","isEgress":false,"ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIpv4":"10.0.0.0/8"}]}}""", "Client.InvalidPermission.Duplicate|the specified rule \\\"peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW\\\" already exists"),
        Regional(Who.Machine | Who.Service, 4, "ec2", "CreateNetworkInterface", """{"subnetId":"<subnet>","description":"AWS Lambda VPC ENI-<thing>-<uuid>","groupSet":{"items":[{"groupId":"<group>"}]},"privateIpAddressesSet":{}}""", """{"requestId":"<uuid>","networkInterface":{"networkInterfaceId":"eni-<hex17>","subnetId":"<subnet>","vpcId":"<vpc>","availabilityZone":"<region>a","description":"AWS Lambda VPC ENI-<thing>","ownerId":"<account>","requesterManaged":false,"status":"pending","privateIpAddress":"10.98.3.7","sourceDestCheck":true,"interfaceType":"lambda","groupSet":{"items":[{"groupId":"<group>","groupName":"<thing>-functions"}]},"tagSet":{}}}"""),

        // Identity.
        Regional(Who.All, 50, "sts", "AssumeRole", """{"roleArn":"arn:aws:iam::<account>:role/<role>","roleSessionName":"<thing>-<number>","durationSeconds":3600}""", """{"credentials":{"accessKeyId":"ASIA<key>","sessionToken":"<token>","expiration":"Sep 1, 2026, 11:59:59 PM"},"assumedRoleUser":{"assumedRoleId":"AROA<key>A:<thing>","arn":"arn:aws:sts::<account>:assumed-role/<role>/<thing>"}}""", "AccessDenied|User: arn:aws:iam::<account>:user/<user> is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::<account>:role/<role>"),
        Regional(Who.Person | Who.Machine, 30, "sts", "GetCallerIdentity"),
        Global(Who.Person | Who.Machine, 20, "iam", "GetRole", """{"roleName":"<role>"}""", error: "NoSuchEntityException|The role with name <thing>-<number> cannot be found."),
        Global(Who.Person | Who.Machine, 12, "iam", "GetUser", """{"userName":"<user>"}""", error: "NoSuchEntityException|The user with name <thing>-<number> cannot be found."),
        Global(Who.Person | Who.Machine, 12, "iam", "ListAttachedRolePolicies", """{"roleName":"<role>"}"""),
        Global(Who.Person | Who.Machine, 10, "iam", "ListRolePolicies", """{"roleName":"<role>"}"""),
        Global(Who.Person | Who.Machine, 8, "iam", "GetPolicyVersion", """{"policyArn":"arn:aws:iam::<account>:policy/<thing>-access","versionId":"v3"}"""),
        Global(Who.Person, 8, "iam", "ListUsers", """{"maxItems":1000}"""),
        Global(Who.Person, 8, "iam", "ListRoles", """{"maxItems":100}"""),
        Global(Who.Person, 6, "iam", "GetAccountSummary"),
        Global(Who.Person | Who.Machine, 6, "iam", "GetInstanceProfile", """{"instanceProfileName":"<role>"}"""),
        Global(Who.Person, 5, "organizations", "ListAccounts"),
        Global(Who.Person | Who.Machine, 5, "route53", "ListHostedZones"),
        Global(Who.Machine, 4, "route53", "ChangeResourceRecordSets", """{"hostedZoneId":"Z0<hex17>","changeBatch":{"comment":"<thing>","changes":[{"action":"UPSERT","resourceRecordSet":{"name":"<thing>.<stage>.corp.example.","type":"CNAME","tTL":60,"resourceRecords":[{"value":"<thing>-<number>.<region>.elb.amazonaws.com"}]}}]}}""", """{"changeInfo":{"id":"/change/C0<hex17>","status":"PENDING","submittedAt":"Sep 1, 2026, 10:00:00 AM"}}"""),
        Global(Who.Person, 4, "cloudfront", "ListDistributions"),

        // Keys, secrets, parameters.
        Regional(Who.All, 75, "kms", "Decrypt", """{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT","keyId":"arn:aws:kms:<region>:<account>:key/<hex17>"}"""),
        Regional(Who.All, 40, "kms", "GenerateDataKey", """{"keyId":"arn:aws:kms:<region>:<account>:key/<hex17>","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>"},"keySpec":"AES_256"}"""),
        Regional(Who.Person | Who.Machine, 8, "kms", "DescribeKey", """{"keyId":"alias/<thing>"}""", error: "NotFoundException|Alias arn:aws:kms:<region>:<account>:alias/<thing> is not found."),
        Regional(Who.Person, 5, "kms", "ListAliases"),
        Regional(Who.Machine, 30, "secretsmanager", "GetSecretValue", """{"secretId":"arn:aws:secretsmanager:<region>:<account>:secret:<stage>/<thing>/database-a1b2c3"}""", error: "ResourceNotFoundException|Secrets Manager can't find the specified secret."),
        Regional(Who.Person, 5, "secretsmanager", "ListSecrets", """{"maxResults":100}"""),
        Regional(Who.Person | Who.Machine, 5, "secretsmanager", "DescribeSecret", """{"secretId":"<stage>/<thing>/database"}"""),
        Regional(Who.Machine, 40, "ssm", "GetParameter", """{"name":"/<stage>/<thing>/endpoint","withDecryption":true}""", error: "ParameterNotFound|Parameter /<stage>/<thing>/endpoint not found."),
        Regional(Who.Machine, 16, "ssm", "GetParameters", """{"names":["/<stage>/<thing>/endpoint","/<stage>/<thing>/user","/<stage>/<thing>/timeout"],"withDecryption":true}"""),
        Regional(Who.Person | Who.Machine, 8, "ssm", "DescribeParameters", """{"maxResults":50,"parameterFilters":[{"key":"Name","option":"Equals","values":["/<stage>/<thing>/endpoint"]}]}"""),
        Regional(Who.Machine, 40, "ssm", "UpdateInstanceInformation", """{"instanceId":"<instance>","agentVersion":"3.3.859.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"<private>","computerName":"ip-10-16-0-20.<region>.compute.internal","agentName":"amazon-ssm-agent","availabilityZone":"<region>a","availabilityZoneId":"use1-az2","sSMConnectionChannel":"ssmmessages"}"""),
        Regional(Who.Machine, 10, "ssm", "ListInstanceAssociations", """{"instanceId":"<instance>","maxResults":20}"""),
        Regional(Who.Person | Who.Machine, 6, "ssm", "DescribeInstanceInformation", """{"maxResults":50,"filters":[{"key":"InstanceIds","values":["<instance>"]}]}"""),

        // Storage, as the control plane sees it and as its data events.
        Regional(Who.All, 25, "s3", "GetBucketAcl", S3Bucket("acl")),
        Regional(Who.All, 16, "s3", "GetBucketLocation", S3Bucket("location")),
        Regional(Who.Person | Who.Machine, 8, "s3", "GetBucketPolicy", S3Bucket("policy"), error: "NoSuchBucketPolicy|The bucket policy does not exist"),
        Regional(Who.Person | Who.Machine, 8, "s3", "GetBucketPublicAccessBlock", S3Bucket("publicAccessBlock"), error: "NoSuchPublicAccessBlockConfiguration|The public access block configuration was not found"),
        Regional(Who.Person | Who.Machine, 6, "s3", "GetBucketEncryption", S3Bucket("encryption")),
        Regional(Who.Person | Who.Machine, 6, "s3", "GetBucketTagging", S3Bucket("tagging"), error: "NoSuchTagSet|The TagSet does not exist"),
        Regional(Who.Person, 5, "s3", "GetBucketVersioning", S3Bucket("versioning")),
        Regional(Who.Person | Who.Machine, 10, "s3", "ListBuckets", """{"Host":"s3.<region>.amazonaws.com"}"""),
        Data(Who.All, 90, "GetObject", S3Get, error: "NoSuchKey|The specified key does not exist."),
        Data(Who.All, 40, "PutObject", """{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","x-amz-server-side-encryption":"aws:kms","key":"<object>"}""", """{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:<region>:<account>:key/<hex17>","x-amz-server-side-encryption-bucket-key-enabled":"true"}"""),
        Data(Who.Machine, 30, "HeadObject", S3Get, error: "NoSuchKey|The specified key does not exist."),
        Data(Who.Machine | Who.Person, 20, "ListObjects", """{"list-type":"2","bucketName":"<bucket>","encoding-type":"url","prefix":"<thing>/2026/","delimiter":"/","Host":"<bucket>.s3.<region>.amazonaws.com"}"""),
        Data(Who.Machine, 6, "DeleteObject", S3Get),
        Data(Who.Machine, 5, "CreateMultipartUpload", """{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","uploads":"","key":"<object>"}""", """{"x-amz-server-side-encryption":"AES256"}"""),

        // Logs, metrics, messages.
        Regional(Who.Machine, 30, "logs", "CreateLogStream", """{"logGroupName":"/aws/lambda/<thing>-<stage>","logStreamName":"2026/09/01/[$LATEST]<hex17>"}""", error: "ResourceAlreadyExistsException|The specified log stream already exists"),
        Regional(Who.Person | Who.Machine, 10, "logs", "DescribeLogGroups", """{"logGroupNamePrefix":"/aws/lambda/<thing>","limit":50}"""),
        Regional(Who.Person | Who.Machine, 8, "logs", "DescribeLogStreams", """{"logGroupName":"/aws/lambda/<thing>-<stage>","orderBy":"LastEventTime","descending":true,"limit":50}"""),
        Regional(Who.Person, 6, "logs", "StartQuery", """{"logGroupName":"/aws/lambda/<thing>-<stage>","startTime":1788220800,"endTime":1788224400,"queryString":"fields @timestamp, @message | sort @timestamp desc | limit 200"}""", """{"queryId":"<uuid>"}"""),
        Regional(Who.Person | Who.Machine, 16, "monitoring", "DescribeAlarms", """{"maxRecords":100,"alarmNamePrefix":"<stage>-<thing>","alarmTypes":["MetricAlarm","CompositeAlarm"]}"""),
        Regional(Who.Person | Who.Machine, 8, "monitoring", "ListMetrics", """{"namespace":"AWS/ApplicationELB","recentlyActive":"PT3H"}"""),
        Regional(Who.Machine, 8, "sqs", "GetQueueAttributes", """{"queueUrl":"https://sqs.<region>.amazonaws.com/<account>/<thing>-<stage>","attributeNames":["ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible"]}"""),
        Regional(Who.Person | Who.Machine, 5, "sns", "ListTopics"),
        Regional(Who.Person | Who.Machine, 5, "events", "ListRules", """{"eventBusName":"default","limit":100}"""),

        // Compute and data services.
        Regional(Who.Person | Who.Machine, 14, "lambda", "ListFunctions20150331", """{"maxItems":50}"""),
        Regional(Who.Person | Who.Machine, 10, "lambda", "GetFunction20150331v2", """{"functionName":"arn:aws:lambda:<region>:<account>:function:<thing>-<stage>"}""", error: "ResourceNotFoundException|Function not found: arn:aws:lambda:<region>:<account>:function:<thing>-<stage>"),
        Regional(Who.Machine, 4, "lambda", "UpdateFunctionCode20150331v2", """{"functionName":"<thing>-<stage>","s3Bucket":"<bucket>","s3Key":"<object>","publish":true,"dryRun":false}""", """{"functionName":"<thing>-<stage>","functionArn":"arn:aws:lambda:<region>:<account>:function:<thing>-<stage>","runtime":"dotnet8","role":"arn:aws:iam::<account>:role/<role>","handler":"App::App.Function::Handle","codeSize":48211,"description":"","timeout":30,"memorySize":512,"lastModified":"<time>","codeSha256":"<digest>","version":"<number>","tracingConfig":{"mode":"Active"},"revisionId":"<uuid>","state":"Active","lastUpdateStatus":"InProgress","packageType":"Zip","architectures":["arm64"],"ephemeralStorage":{"size":512}}"""),
        Regional(Who.All, 16, "ecs", "DescribeServices", """{"cluster":"<stage>","services":["<thing>","<thing>","<thing>"]}"""),
        Regional(Who.All, 12, "ecs", "DescribeTasks", """{"cluster":"arn:aws:ecs:<region>:<account>:cluster/<stage>","tasks":["arn:aws:ecs:<region>:<account>:task/<stage>/<hex17>","arn:aws:ecs:<region>:<account>:task/<stage>/<hex17>"],"include":["TAGS"]}"""),
        Regional(Who.Service | Who.Machine, 3, "ecs", "RunTask", """{"cluster":"<stage>","taskDefinition":"arn:aws:ecs:<region>:<account>:task-definition/<thing>:<number>","count":1,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["<subnet>"],"securityGroups":["<group>"],"assignPublicIp":"DISABLED"}}}""", """{"tasks":[{"taskArn":"arn:aws:ecs:<region>:<account>:task/<stage>/<hex17>","clusterArn":"arn:aws:ecs:<region>:<account>:cluster/<stage>","taskDefinitionArn":"arn:aws:ecs:<region>:<account>:task-definition/<thing>:7","lastStatus":"PROVISIONING","desiredStatus":"RUNNING","cpu":"512","memory":"1024","containers":[{"containerArn":"arn:aws:ecs:<region>:<account>:container/<uuid>","name":"<thing>","image":"<account>.dkr.ecr.<region>.amazonaws.com/<thing>:release","lastStatus":"PENDING","networkInterfaces":[],"cpu":"512","memory":"1024"}],"version":1,"createdAt":"<time>","group":"family:<thing>","launchType":"FARGATE","platformVersion":"1.4.0","attachments":[{"id":"<uuid>","type":"ElasticNetworkInterface","status":"PRECREATED","details":[{"name":"subnetId","value":"<subnet>"}]}],"tags":[]}],"failures":[]}"""),
        Regional(Who.Machine, 20, "ecr", "BatchGetImage", """{"registryId":"<account>","repositoryName":"<thing>","imageIds":[{"imageDigest":"sha256:<digest>"}],"acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json","application/vnd.oci.image.index.v1+json"]}"""),
        Regional(Who.Machine, 16, "ecr", "GetDownloadUrlForLayer", """{"registryId":"<account>","repositoryName":"<thing>","layerDigest":"sha256:<digest>"}"""),
        Regional(Who.Machine, 10, "ecr", "GetAuthorizationToken"),
        Regional(Who.Person | Who.Machine, 10, "rds", "DescribeDBInstances", """{"dBInstanceIdentifier":"<thing>-<stage>"}""", error: "DBInstanceNotFoundFault|DBInstance <thing>-<stage> not found."),
        Regional(Who.Person, 6, "rds", "DescribeDBSnapshots", """{"dBInstanceIdentifier":"<thing>-<stage>","includeShared":false,"includePublic":false}"""),
        Regional(Who.Person | Who.Machine, 14, "dynamodb", "DescribeTable", """{"tableName":"<stage>-<thing>"}""", error: "ResourceNotFoundException|Requested resource not found: Table: <stage>-<thing> not found"),
        Regional(Who.Person | Who.Machine, 12, "elasticloadbalancing", "DescribeTargetHealth", """{"targetGroupArn":"arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<thing>/<hex17>"}"""),
        Regional(Who.All, 10, "elasticloadbalancing", "DescribeLoadBalancers", """{"names":["<stage>-<thing>"]}"""),
        Regional(Who.All, 12, "autoscaling", "DescribeAutoScalingGroups", """{"autoScalingGroupNames":["<stage>-<thing>"],"maxRecords":100}"""),
        Regional(Who.Person | Who.Machine, 10, "cloudformation", "DescribeStacks", """{"stackName":"arn:aws:cloudformation:<region>:<account>:stack/<stage>-<thing>/<uuid>"}""", error: "ValidationException|Stack with id <stage>-<thing> does not exist"),
        Regional(Who.Person | Who.Machine, 6, "cloudformation", "DescribeStackEvents", """{"stackName":"<stage>-<thing>"}"""),
        Regional(Who.Person, 6, "cloudtrail", "LookupEvents", """{"maxResults":50,"startTime":"Sep 1, 2026, 12:00:00 AM","endTime":"Sep 1, 2026, 1:00:00 AM"}"""),
        Regional(Who.Person | Who.Machine, 4, "cloudtrail", "DescribeTrails", """{"trailNameList":[],"includeShadowTrails":true}"""),
        Regional(Who.Person, 4, "cloudtrail", "GetTrailStatus", """{"name":"arn:aws:cloudtrail:<region>:<account>:trail/organization"}"""),
        Regional(Who.Service | Who.Machine, 8, "config", "PutEvaluations", """{"evaluations":[{"complianceResourceType":"AWS::EC2::Instance","complianceResourceId":"<instance>","complianceType":"COMPLIANT","orderingTimestamp":"<time>"}],"resultToken":"<token>","testMode":false}""", """{"failedEvaluations":[]}"""),
        Regional(Who.Person | Who.Machine, 6, "tagging", "GetResources", """{"resourcesPerPage":100,"tagFilters":[{"key":"service","values":["<thing>"]}]}"""),
        Regional(Who.Person, 6, "health", "DescribeEventAggregates", """{"aggregateField":"eventTypeCategory","filter":{"eventStatusCodes":["open","upcoming"],"startTimes":[{"from":"Aug 25, 2026, 12:00:00 AM"}]}}"""),
        Regional(Who.Person, 5, "ce", "GetCostAndUsage", """{"timePeriod":{"start":"2026-08-01","end":"2026-09-01"},"granularity":"MONTHLY","metrics":["UnblendedCost"],"groupBy":[{"type":"DIMENSION","key":"SERVICE"}]}"""),
        Regional(Who.Person | Who.Machine, 6, "eks", "DescribeCluster", """{"name":"<stage>"}"""),
        Regional(Who.Machine, 6, "athena", "StartQueryExecution", """{"queryString":"***OMITTED***","clientRequestToken":"<uuid>","queryExecutionContext":{"database":"<thing>"},"resultConfiguration":{"outputLocation":"s3://<bucket>/athena/"},"workGroup":"primary"}""", """{"queryExecutionId":"<uuid>"}"""),
        Regional(Who.Machine, 8, "glue", "GetTable", """{"databaseName":"<thing>","name":"<stage>_<thing>"}"""),
    ];
}
