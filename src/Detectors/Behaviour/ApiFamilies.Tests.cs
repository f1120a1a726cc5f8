using System.Text;
using Yagura.Core.FindingTypes;
using Yagura.Detectors.Behaviour;

namespace Yagura.Detectors.Tests;

public sealed class ApiFamiliesTests
{
    [Theory]
    [InlineData("ec2:GetPasswordData", "CredentialAccess:IAMUser/AnomalousBehavior")]
    [InlineData("ec2:DescribeInstances", "Discovery:IAMUser/AnomalousBehavior")]
    [InlineData("iam:CreateAccessKey", "Persistence:IAMUser/AnomalousBehavior")]
    [InlineData("iam:PutUserPolicy", "PrivilegeEscalation:IAMUser/AnomalousBehavior")]
    [InlineData("ec2:DeleteFlowLogs", "DefenseEvasion:IAMUser/AnomalousBehavior")]
    [InlineData("ssm:StartSession", "InitialAccess:IAMUser/AnomalousBehavior")]
    [InlineData("s3:PutBucketReplication", "Exfiltration:IAMUser/AnomalousBehavior")]
    [InlineData("rds:DeleteSomethingNew", "Impact:IAMUser/AnomalousBehavior")]
    [InlineData("s3-data:GetObject", "Exfiltration:S3/AnomalousBehavior")]
    [InlineData("s3-data:DeleteObjects", "Impact:S3/AnomalousBehavior.Delete")]
    [InlineData("s3:PutBucketAcl", "Impact:S3/AnomalousBehavior.Permission")]
    [InlineData("cloudtrail:StartLogging", "")]
    [InlineData("ec2:CreateVpc", "")]
    public void An_api_belongs_to_what_an_attacker_would_want_with_it(string api, string type) => Assert.Equal(type, ApiFamilies.Of(api).Type);

    [Fact]
    public void Every_type_is_in_the_catalogue_and_every_unusual_behaviour_of_it_has_apis() => Assert.Equal(
        FindingTypeCatalog.All.Where(entry => entry.Type.Name.Contains("/AnomalousBehavior", StringComparison.Ordinal) && entry.Group is "IAM" or "S3").Select(entry => entry.Type.Name)
            .Where(name => name.Contains("/AnomalousBehavior", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ApiFamilies.Types);

    [Theory]
    [InlineData("APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) aws-sdk-go/1.44", "Terraform")]
    [InlineData("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12]", "console")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", "browser")]
    [InlineData("aws-cli/2.15.30 Python/3.11.8 Linux/6.1", "aws-cli")]
    [InlineData("python-requests/2.31.0", "python-requests")]
    [InlineData("", "none")]
    public void A_client_is_known_by_its_kind(string agent, string family) => Assert.Equal(family, ClientFamily.Of(Encoding.UTF8.GetBytes(agent)));
}
