using Yagura.Core.Findings;
using Yagura.Detectors.UnauthorizedAccess.EC2;

namespace Yagura.Detectors.Tests;

public sealed class MetadataDnsRebindTests
{
    private static readonly MetadataDnsRebind Detector = new();

    private static List<Detection> Detect(string name, params (string Data, string Type)[] answers) => Detector.Detect(Knowledge.Nothing, NetworkLogs.Query(
        name, $"[{string.Join(',', answers.Select(a => $$"""{"Rdata":"{{a.Data}}","Type":"{{a.Type}}","Class":"IN"}"""))}]"));

    [Theory]
    [InlineData("169.254.169.254", "A")]
    [InlineData("fd00:ec2::254", "AAAA")]
    [InlineData("FD00:0EC2:0:0:0:0:0:254", "AAAA")]
    [InlineData("::ffff:169.254.169.254", "AAAA")]
    [InlineData("::ffff:a9fe:a9fe", "AAAA")]
    public void A_name_of_somebody_else_answered_with_the_metadata_address_is_found(string address, string type)
    {
        var detection = Assert.Single(Detect("rebind.example.", ("alias.example.", "CNAME"), (address, type)));
        Assert.Equal(("UnauthorizedAccess:EC2/MetadataDNSRebind", Severity.High), (detection.Type.Name, detection.Severity));
        Assert.Equal("rebind.example", Assert.IsType<DnsRequestAction>(detection.Action).Domain);
    }

    [Fact]
    public void Hidden_among_other_answers_it_is_found_once() =>
        Assert.Single(Detect("rebind.example.", ("192.0.2.1", "A"), ("169.254.169.254", "A"), ("169.254.169.254", "A")));

    [Theory]
    [InlineData("instance-data.ec2.internal.")]
    [InlineData("instance-data.ap-northeast-1.compute.internal.")]
    [InlineData("Instance-Data.EC2.Internal.")]
    [InlineData("anything.amazonaws.com.")]
    public void Names_that_AWS_points_there_are_quiet(string name) => Assert.Empty(Detect(name, ("169.254.169.254", "A")));

    [Theory]
    [InlineData("fakeec2.internal.")]
    [InlineData("instance-data.ec2.internal.example.")]
    [InlineData("notamazonaws.com.")]
    [InlineData("ec2.internal.")]
    public void Names_that_only_look_like_them_are_found(string name) => Assert.Single(Detect(name, ("169.254.169.254", "A")));

    [Theory]
    [InlineData("169.254.170.2", "A")] // credentials of a container task: another service
    [InlineData("169.254.169.253", "A")] // the resolver itself
    [InlineData("169.254.169.254", "TXT")]
    [InlineData("169.254.169.254.example.", "CNAME")]
    public void Other_answers_are_quiet(string data, string type) => Assert.Empty(Detect("www.example.", (data, type)));
}
