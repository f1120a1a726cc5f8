using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Engine.Baselines;

namespace Yagura.Engine.Tests;

public sealed class PortraitTests
{
    private const int Today = 20_000;

    private static Act ActOf(string api, string network, int day)
    {
        var caller = new AccessKeyDetails(null, null, "ada", "IAMUser");
        var context = new CallContext(new Actor("111122223333", "arn:aws:iam::111122223333:user/ada", "IAMUser"), caller, new Place(network, IpAddress.None, network, ""), new Client("aws-cli", "aws-cli"), "eu-west-1");
        return new Act((UInt128)(uint)HashCode.Combine(api, network, day), context, new Api("ec2.amazonaws.com", api, IsData: false), "", "", "", day, day,
            new CallRecord(new DateTimeOffset(DateTime.UnixEpoch.AddDays(day), TimeSpan.Zero), 1, "o", 1, Guid.Empty, "r"));
    }

    [Fact]
    public void What_is_usual_is_told_by_how_often_and_networks_as_guardduty_writes_them()
    {
        var behaviour = new Behaviour();
        void Learn(Act act) => behaviour.Learn(new(
            [], [new(act.Actor.Self, act.Api.Feature, act.Day), new(act.Actor.Self, act.Place.NetworkFeature, act.Day)],
            [new(act.Api.Feature, act.Api.Text), new(act.Place.NetworkFeature, act.Place.Network)], 0));
        for (var day = Today - 10; day < Today; day++) Learn(ActOf("DescribeInstances", "AS64500 Example Office", day));
        foreach (var day in (int[])[Today - 9, Today - 3]) Learn(ActOf("DescribeVpcs", "192.0.0.0/16", day));
        Learn(ActOf("DescribeKeyPairs", "192.0.0.0/16", Today - 1));

        var profile = Portrait.Of(behaviour, [ActOf("GetPasswordData", "AS64496 Example Transit", Today)], []);
        var apis = profile.Usual.Single(values => values is { Kind: BehaviourKind.Apis, Scope: BehaviourScope.UserIdentity });
        Assert.Equal(["ec2:DescribeKeyPairs"], apis.Rare);
        Assert.Equal(["ec2:DescribeVpcs"], apis.Infrequent);
        Assert.Equal(["ec2:DescribeInstances"], apis.Frequent);
        Assert.Equal(["ec2:GetPasswordData"], apis.Unusual);
        var networks = profile.Usual.Single(values => values is { Kind: BehaviourKind.Asns, Scope: BehaviourScope.UserIdentity });
        Assert.Equal(["asnNumber: 64500 asnOrg: Example Office"], networks.Frequent);
        Assert.Equal(["asnNumber: 64496 asnOrg: Example Transit"], networks.Unusual);
        Assert.False(profile.IsUnusualUserIdentity);
        Assert.Equal([new AnomalousApi("ec2.amazonaws.com", "GetPasswordData", "success")], profile.AnomalousApis);
    }
}
