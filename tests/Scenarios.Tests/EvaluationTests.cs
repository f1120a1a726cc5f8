using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Evaluation;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Simulation;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

public sealed class EvaluationTests
{
    [Fact]
    public async Task What_the_simulator_plants_is_found_by_its_own_records_and_nothing_is_made_up()
    {
        var folder = Path.Combine(Path.GetTempPath(), "yagura-evaluation-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        try
        {
            Simulator.Write(new() { Seed = 23 }, folder);
            var knowledge = Knowledge.Nothing with
            {
                Intel = IntelFolder.Load(Path.Combine(folder, Simulator.IntelFolder)).Snapshot,
                Inventory = Detectors.Inventory.Parse(File.ReadAllBytes(Path.Combine(folder, Simulator.InventoryFile))),
            };
            string[] logs = [.. new[] { "AWSLogs", "S3AccessLogs" }.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)];
            var report = await Evaluate(new LocalObjects(logs), knowledge, File.ReadAllText(Path.Combine(folder, Simulator.ExpectedFile)));
            var attacks = Assert.Single(report.Bases, basis => basis.Basis == "simulated, attack").Recall;
            Assert.True(attacks.All >= 60, $"{attacks.All} attacks");
            Assert.Equal(attacks.All, attacks.Of);
            // What is unusual on the first day of an account is told within its noise budget; everything else has to be right.
            Assert.Empty(report.Findings.Where(finding => (finding.Verdict is Verdict.Wrong or Verdict.OtherType) && finding.Finding.Explanation.Anomaly?.History is null).Select(finding => $"{finding.Verdict} {finding.Finding.Type.Name} {finding.Finding.Explanation.Why}"));
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_recorded_session_is_judged_by_the_records_of_its_detonations()
    {
        var place = new LocalObjects([RealLogs.Path("cloudtrail-stratus-run/CloudTrail")]);
        var report = await Evaluate(place, Knowledge.Nothing, Truth(File.ReadLines(RealLogs.Path("cloudtrail-stratus-run/ground-truth.jsonl"))));
        Assert.All(report.Lines, line => Assert.True(line.Records > 0, line.Truth.Label));
        Assert.Contains(report.Lines, line => line.Truth.Label == "aws.credential-access.ec2-steal-instance-credentials" && line.IsFound);
        Assert.Equal(0, report.All.Missed);
    }

    /// <summary>The truth that lies beside the recorded logs, in the form that is read here. What only a baseline could tell is not required.</summary>
    private static string Truth(IEnumerable<string> recorded) => string.Join('\n', recorded.Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        var of = json.RootElement;
        var (types, basis) = (of.GetProperty("guardduty"), of.GetProperty("basis").GetString());
        var truth = new JsonObject { ["label"] = of.GetProperty("technique").GetString(), ["basis"] = basis, ["types"] = JsonNode.Parse(types.GetRawText()) };
        truth["start"] = of.GetProperty("start").GetString();
        truth["end"] = of.GetProperty("end").GetString();
        if (types.GetArrayLength() == 0 || of.GetProperty("user_agent").ValueKind == JsonValueKind.Null) truth["ignore"] = true;
        else if (basis is "inferred" or "anomaly") truth["optional"] = true;
        // The thief's own calls carry the agent of the SDK; who called is certain.
        truth["principals"] = JsonNode.Parse(of.GetProperty("principals").GetRawText());
        return truth.ToJsonString();
    }));

    private static Task<EvaluationReport> Evaluate(LocalObjects place, Knowledge knowledge, string truth)
    {
        var (lines, mistakes) = TruthFile.Read(truth);
        Assert.Empty(mistakes);
        var options = new ScanOptions(knowledge, new ReadingOptions(null, null, null), _ => false, "evaluation", StateFolder: null, Readers: 2);
        return Evaluator.Run([place], options, lines, progress: null, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
