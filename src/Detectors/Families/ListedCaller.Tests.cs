using Yagura.Core.Findings;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class ListedCallerTests
{
    private const string Malicious = "198.51.100.10", Scanner = "198.51.100.11", TorExit = "198.51.100.20", OnTwoLists = "198.51.100.21", Own = "198.51.100.30", Trusted = "198.51.100.60";

    private static string[] Found(params string[] events) => [.. Detect(Catalog.ApiCalls[0], Lists, events).Select(d => d.Type.Name)];

    private static string From(string address, string source, string name, string other = "") =>
        Event(source, name, """{"bucketName":"ledger"}""", $$"""{"sourceIPAddress":"{{address}}"{{other}}}""");

    private static string S3Data(string address, string name) =>
        From(address, "s3", name, """,  "managementEvent": false, "eventCategory": "Data", "readOnly": null """);

    [Theory]
    [InlineData(Malicious, """, "readOnly": true""", "Recon:IAMUser/MaliciousIPCaller")]
    [InlineData(Malicious, "", "UnauthorizedAccess:IAMUser/MaliciousIPCaller")]
    [InlineData("2001:db8:10::7", "", "UnauthorizedAccess:IAMUser/MaliciousIPCaller")]
    [InlineData(Scanner, """, "readOnly": true""", "Recon:IAMUser/MaliciousIPCaller")]
    [InlineData(TorExit, """, "readOnly": true""", "Recon:IAMUser/TorIPCaller")]
    [InlineData(TorExit, "", "UnauthorizedAccess:IAMUser/TorIPCaller")]
    [InlineData(Own, """, "readOnly": true""", "Recon:IAMUser/MaliciousIPCaller.Custom")]
    [InlineData(Own, "", "UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom")]
    [InlineData(OnTwoLists, "", "UnauthorizedAccess:IAMUser/MaliciousIPCaller UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom")]
    [InlineData(Malicious, """, "errorCode": "AccessDenied" """, "UnauthorizedAccess:IAMUser/MaliciousIPCaller")]
    [InlineData(Trusted, "", "")]
    [InlineData("203.0.113.5", "", "")]
    [InlineData("10.0.0.7", "", "")]
    [InlineData("cloudformation.amazonaws.com", "", "")]
    public void A_management_call_is_sorted_by_list_and_by_what_it_does(string address, string other, string expected) =>
        Assert.Equal(expected, string.Join(' ', Found(From(address, "iam", "CreateUser", other))));

    [Theory]
    [InlineData(""" "type":"AWSAccount","principalId":"AROAFOREIGN:build-1","accountId":"999988887777" """, "999988887777:AROAFOREIGN")]
    [InlineData(""" "type":"AWSAccount","principalId":"AIDAFOREIGN","accountId":"999988887777" """, "999988887777:AIDAFOREIGN")]
    [InlineData(""" "type":"AssumedRole","arn":"arn:aws:sts::999988887777:assumed-role/build/build-1","accountId":"999988887777" """, "arn:aws:sts::999988887777:assumed-role/build")]
    [InlineData(""" "type":"FederatedUser","arn":"arn:aws:sts::999988887777:federated-user/ada","accountId":"999988887777" """, "arn:aws:sts::999988887777:federated-user/ada")]
    [InlineData(""" "type":"AssumedRole","arn":"arn:aws:sts::999988887777:assumed-role/build","accountId":"999988887777" """, "arn:aws:sts::999988887777:assumed-role/build")]
    public void The_sessions_of_a_foreign_role_are_one_principal(string identity, string expected) =>
        ApiCalls.Read(call => Assert.Equal(expected, ApiCallFacts.Principal(call)), ApiCalls.Event("s3", "GetObject", "null", $$"""{ "userIdentity": { {{identity}} } }"""));

    [Fact]
    public void Without_a_flag_the_name_tells_a_read() =>
        Assert.Equal(
            ["Recon:IAMUser/MaliciousIPCaller", "UnauthorizedAccess:IAMUser/MaliciousIPCaller"],
            Found(From(Malicious, "ec2", "DescribeInstances", """, "readOnly": null"""), From(Malicious, "ec2", "RunInstances", """, "readOnly": null""")));

    [Theory]
    [InlineData(Malicious, "ListObjects", "Discovery:S3/MaliciousIPCaller")]
    [InlineData(Malicious, "HeadBucket", "Discovery:S3/MaliciousIPCaller")]
    [InlineData(Malicious, "GetObjectAcl", "Discovery:S3/MaliciousIPCaller")]
    [InlineData(Malicious, "GetObject", "Exfiltration:S3/MaliciousIPCaller")]
    [InlineData(Malicious, "CopyObject", "Exfiltration:S3/MaliciousIPCaller")]
    [InlineData(Malicious, "DeleteObjects", "Impact:S3/MaliciousIPCaller")]
    [InlineData(Malicious, "PutObjectAcl", "Impact:S3/MaliciousIPCaller")]
    [InlineData(Own, "HeadObject", "Discovery:S3/MaliciousIPCaller.Custom")]
    [InlineData(Own, "GetObject", "UnauthorizedAccess:S3/MaliciousIPCaller.Custom")]
    [InlineData(Own, "PutObject", "UnauthorizedAccess:S3/MaliciousIPCaller.Custom")]
    [InlineData(TorExit, "ListObjects", "Discovery:S3/TorIPCaller")]
    [InlineData(TorExit, "GetObject", "UnauthorizedAccess:S3/TorIPCaller")]
    [InlineData(TorExit, "DeleteObject", "UnauthorizedAccess:S3/TorIPCaller")]
    [InlineData(Trusted, "GetObject", "")]
    public void An_object_call_is_sorted_by_list_and_by_what_it_does(string address, string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', Found(S3Data(address, name))));

    [Fact]
    public void An_object_call_is_about_the_bucket_and_a_management_call_about_the_caller()
    {
        var data = Assert.Single(Detect(Catalog.ApiCalls[0], Lists, S3Data(Malicious, "GetObject")));
        Assert.Equal(("ledger", User, ResourceType.S3Bucket), (data.Subject, data.Principal, data.Resource.ResourceType));
        var management = Assert.Single(Detect(Catalog.ApiCalls[0], Lists, From(Malicious, "iam", "CreateUser")));
        Assert.Equal((User, User, ResourceType.AccessKey, "us-east-1"), (management.Subject, management.Principal, management.Resource.ResourceType, management.Region));
        Assert.Equal("malicious", Assert.Single(management.ThreatIntelligence).ThreatListName);
    }

    [Fact]
    public void Every_type_is_off_without_a_list() =>
        Assert.All(Catalog.ApiCalls[0].Types, type => Assert.Equal((null, "no list"), (type.Off(Lists), type.Off(Knowledge.Nothing))));
}
