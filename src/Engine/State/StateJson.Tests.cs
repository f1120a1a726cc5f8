using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Tests;

namespace Yagura.Engine.State;

public sealed class StateJsonTests
{
    [Fact]
    public void An_anomaly_outlives_a_restart_with_all_that_it_says()
    {
        var finding = SampleFindings.Behaviour;
        var detection = new Detection(
            finding.Type, finding.AccountId, finding.Region, "alice", "alice", Severity.Medium, finding.Resource, finding.Service.Action!, ResourceRole.Target, finding.Explanation.Why)
        {
            Anomaly = finding.Explanation.Anomaly,
        };
        var record = new Evidence(finding.CreatedAt, 7, "trail.json", 1, "x", "x");
        var state = new FindingState();
        state.Offer(detection, record);
        var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(state, StateJson.Of<FindingState>()), StateJson.Of<FindingState>())!;
        Assert.Equivalent(finding.Explanation.Anomaly, back.Latest!.Anomaly, strict: true);
    }
}
