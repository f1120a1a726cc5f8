using System.Text;

namespace Yagura.Intel.Tests;

public sealed class KnownBenignTests
{
    [Theory]
    [InlineData("cloudformation.amazonaws.com", true)]
    [InlineData("ec2.cn-north-1.amazonaws.com.cn", true)]
    [InlineData("AWS Internal", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("amazonaws.com", false)]
    [InlineData("evil-amazonaws.com", false)]
    [InlineData("ec2.amazonaws.com.evil.example", false)]
    [InlineData("", false)]
    public void A_service_is_told_by_what_stands_for_its_address(string source, bool service) =>
        Assert.Equal(service, KnownBenign.Shipped.IsService(Encoding.UTF8.GetBytes(source)));

    [Fact]
    public void A_service_linked_role_is_told_by_its_name()
    {
        Assert.True(KnownBenign.Shipped.IsServiceRole("AWSServiceRoleForAutoScaling"u8));
        Assert.False(KnownBenign.Shipped.IsServiceRole("MyAWSServiceRoleForNothing"u8));
    }

    [Fact]
    public void Each_of_them_is_explained_and_can_be_switched_off()
    {
        Assert.All(KnownBenign.Shipped.All, actor => Assert.EndsWith(".", actor.Why, StringComparison.Ordinal));
        Assert.False(KnownBenign.Shipped.Without(["aws-internal"]).IsService("AWS Internal"u8));
        Assert.True(KnownBenign.Shipped.Without(["aws-internal"]).IsService("s3.amazonaws.com"u8));
        Assert.Contains("service-address", Assert.Throws<IntelException>(() => KnownBenign.Shipped.Without(["typo"])).Message, StringComparison.Ordinal);
    }
}
