using System.Text;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Engine.State;

namespace Yagura.Engine.Tests;

public sealed class EvictionTests
{
    private static int _ids;

    private static string Use(string instance, string address, int minute) => $$$"""
        {"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:{{{instance}}}","arn":"arn:aws:sts::111122223333:assumed-role/app/{{{instance}}}",
        "accountId":"111122223333","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::111122223333:role/app","userName":"app"},"ec2RoleDelivery":"2.0"}},
        "eventTime":"2026-09-01T00:{{{minute:00}}}:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"eu-west-1","sourceIPAddress":"{{{address}}}",
        "eventID":"{{{++_ids}}}","eventCategory":"Management","recipientAccountId":"111122223333"}
        """.ReplaceLineEndings("");

    [Fact]
    public void A_finding_outlives_the_state_it_was_decided_by()
    {
        var state = new EngineState(DetectorSet.Default, Knowledge.Nothing, "test", partitions: 1, mostEntities: 1);
        var reader = new ObjectReader(DetectorSet.Default, Knowledge.Nothing, new ReadingOptions(null, null, null));
        void Commit(params string[] lines) =>
            state.Commit(reader.Read(new LogObjectReference("o", null, null, null), new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), CancellationToken.None));

        const string Stolen = "i-0123456789abcdef0", Other = "i-0123456789abcdef1";
        Commit(Use(Stolen, "198.51.100.7", 0), Use(Stolen, "203.0.113.50", 2), Use(Stolen, "198.51.100.7", 40));
        var finding = Assert.Single(state.Findings);
        Assert.Equal("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", finding.Key.Type);
        Commit(Use(Other, "198.51.100.8", 41));
        Assert.Equal(1, state.Forgotten["entities of instance-sessions"]);
        Commit(Use(Stolen, "198.51.100.7", 50));
        Assert.Equal(finding.Key, Assert.Single(state.Findings).Key);
        Assert.Equal(1, Assert.Single(state.Findings).State.Occurrences.Count);
    }
}
