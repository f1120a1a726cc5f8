using System.Text;
using System.Text.Json;
using Yagura.Tests;

namespace Yagura.Cli.Tests;

public sealed class EvaluateCommandTests
{
    private static readonly string Logs = Repository.Path("samples/AWSLogs"), Intel = Repository.Path("samples/intel"), Inventory = Repository.Path("samples/inventory.json");

    [Fact]
    public async Task What_is_found_missed_and_made_up_is_told()
    {
        using var scratch = new Scratch();
        var truth = scratch.Add("truth.jsonl",
            """
            {"types": ["Recon:IAMUser/TorIPCaller"], "accounts": ["777788889999"], "names": ["ListBuckets"], "start": "2026-09-01", "end": "2026-09-02"}
            {"types": ["Recon:IAMUser/TorIPCaller"], "events": ["no-such-event"], "label": "nobody knows"}
            """u8);
        var (exit, output, error) = await Program.Run("evaluate", Logs, "--truth", truth, "--intel", Intel, "--inventory", Inventory);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("line 2  Recon:IAMUser/TorIPCaller: nobody knows (no record that was read fits the line)", output, StringComparison.Ordinal);
        Assert.Contains("False findings", output, StringComparison.Ordinal);
        Assert.Contains("recall", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_every_line_and_finding_has_its_verdict()
    {
        using var scratch = new Scratch();
        var truth = scratch.Add("truth.jsonl", """{"types": ["Backdoor:EC2/C&CActivity.B"], "addresses": ["198.51.100.14"]}"""u8);
        var (exit, output, _) = await Program.Run("evaluate", Logs, "--truth", truth, "--intel", Intel, "--inventory", Inventory, "--format", "json");
        Assert.Equal(0, exit);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("found", json.RootElement.GetProperty("lines")[0].GetProperty("result").GetString());
        Assert.All(json.RootElement.GetProperty("findings").EnumerateArray(), finding =>
            Assert.Contains(finding.GetProperty("verdict").GetString(), new[] { "right", "otherType", "ignored", "false" }));
    }

    [Fact]
    public async Task Truth_with_mistakes_is_refused_with_all_of_them()
    {
        using var scratch = new Scratch();
        var truth = scratch.Add("truth.jsonl", Encoding.UTF8.GetBytes("{}\nnonsense\n"));
        var (exit, output, error) = await Program.Run("evaluate", Logs, "--truth", truth);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("line 1: types: missing", error, StringComparison.Ordinal);
        Assert.Contains("line 2: no JSON", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "evaluate", ".")]
    [InlineData(2, "evaluate", ".", "--truth", "no-such-file")]
    public async Task It_needs_a_truth(int expected, params string[] arguments) => Assert.Equal(expected, (await Program.Run(arguments)).ExitCode);

    [Fact]
    public async Task A_folder_without_logs_fails()
    {
        using var scratch = new Scratch();
        var truth = scratch.Add("truth.jsonl", """{"types": ["Recon:EC2/Portscan"], "resources": ["i-1"]}"""u8);
        Assert.Equal(1, (await Program.Run("evaluate", Directory.CreateDirectory(Path.Combine(scratch.Path, "logs")).FullName, "--truth", truth)).ExitCode);
    }
}
