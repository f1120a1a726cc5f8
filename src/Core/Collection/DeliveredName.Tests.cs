using CsCheck;
using Yagura.Core.Collection;

namespace Yagura.Tests.Core.Collection;

public sealed class DeliveredNameTests
{
    private static DateTimeOffset At(int hour, int minute = 0, int second = 0) => new(2026, 11, 25, hour, minute, second, TimeSpan.Zero);

    [Fact]
    public void A_file_of_a_trail_tells_everything() => Assert.Equal(
        new(DeliveredName.CloudTrail, "111122223333", "eu-west-1", At(19, 55)),
        DeliveredName.Of("s3://trail-logs/some/prefix/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/111122223333_CloudTrail_eu-west-1_20261125T1955Z_aB3dE6gH9jK2.json.gz"));

    [Fact]
    public void A_digest_of_an_organizations_trail_names_the_member()
    {
        var name = DeliveredName.Of("AWSLogs/o-exampleorg1/111122223333/CloudTrail-Digest/us-gov-west-1/2026/11/25/111122223333_CloudTrail-Digest_us-gov-west-1_trail_us-gov-west-1_20261125T195501Z.json.gz");
        Assert.Equal(new(DeliveredName.Digest, "111122223333", "us-gov-west-1", At(19, 55, 1)), name);
        Assert.True(name.IsDigest);
    }

    [Fact]
    public void A_flow_log_in_hourly_folders_for_tables_tells_the_same() => Assert.Equal(
        new(DeliveredName.Flow, "111122223333", "eu-west-1", At(19)),
        DeliveredName.Of("AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=11/day=25/hour=19/part-0.parquet"));

    [Fact]
    public void A_resolver_log_has_a_network_where_others_have_a_region() => Assert.Equal(
        new(DeliveredName.Resolver, "111122223333", "", At(19, 55)),
        DeliveredName.Of("AWSLogs/111122223333/vpcdnsquerylogs/vpc-0123456789abcdef0/2026/11/25/111122223333_vpcdnsquerylogs_vpc-0123456789abcdef0_20261125T1955Z_0a1b2c3d.log.gz"));

    [Theory]
    [InlineData("access/2026-11-25-19-55-01-0123456789ABCDEF")]
    [InlineData("access/of-my-bucket2026-11-25-19-55-01-0123456789ABCDEF")]
    public void A_server_access_log_tells_its_time(string name) => Assert.Equal(new("", "", "", At(19, 55, 1)), DeliveredName.Of(name));

    [Theory]
    [InlineData("")]
    [InlineData("/var/log/anything.json")]
    [InlineData("AWSLogs/")]
    [InlineData("AWSLogs/111122223333")]
    public void Other_names_tell_nothing(string name)
    {
        var told = DeliveredName.Of(name);
        Assert.Equal(("", null), (told.Service, told.Time));
    }

    [Fact]
    public void No_name_makes_it_throw() => Gen.String.Array[0, 12].Sample(parts => DeliveredName.Of(string.Join('/', parts)));
}
