using System.Text;
using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Tests;

namespace Yagura.Cli.Tests;

public sealed class ExplainCommandTests
{
    private static readonly Finding Other = SampleFindings.Connection with { Id = "0123456789abcdef0123456789abcd00" };
    private static readonly byte[] Two = Encoding.UTF8.GetBytes($"{FindingJson.ToJson(SampleFindings.Behaviour)}\n{FindingJson.ToJson(Other)}\n");

    [Fact]
    public async Task The_only_finding_needs_no_id()
    {
        var (exit, output, error) = await Program.RunWith(FindingJson.ToUtf8(SampleFindings.Behaviour), "explain", "--from", "-");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("secretsmanager.amazonaws.com GetSecretValue", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcd00")]
    [InlineData("arn:aws:guardduty:eu-west-1:111122223333:detector/fedcba9876543210fedcba9876543210/finding/0123456789abcdef0123456789abcd00")]
    [InlineData("0123456789abcdef0123456789abcd0")]
    public async Task One_of_several_is_named_by_its_id_its_beginning_or_its_arn(string id)
    {
        var (exit, output, error) = await Program.RunWith(Two, "explain", id, "--from", "-");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("C&CActivity.B", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_scan_writes_is_read()
    {
        using var scratch = new Scratch();
        foreach (var format in new[] { "json", "jsonl" })
        {
            var scan = await Program.Run("scan", Path.Combine(Repository.Root, "samples", "AWSLogs"), "--intel", Path.Combine(Repository.Root, "samples", "intel"), "--format", format, "--quiet");
            var file = scratch.Add($"findings.{format}", Encoding.UTF8.GetBytes(scan.Out));
            var several = await Program.Run("explain", "--from", file);
            Assert.Equal(2, several.ExitCode);
            var id = several.Error.Split('\n')[1].Split(' ')[0];
            Assert.Equal(0, (await Program.Run("explain", id, "--from", file)).ExitCode);
        }
    }

    [Theory]
    [InlineData("did you mean 0123456789abcdef0123456789abcd00?", "0123456789abcdef0123456789abcd01")]
    [InlineData("it holds 2 findings:", "nothing")]
    [InlineData("2 findings that begin with 0123; name one of them:", "0123")]
    [InlineData("holds 2 findings; name one of them:")]
    public async Task An_id_that_names_no_one_finding_is_answered_with_those_that_there_are(string message, params string[] id)
    {
        var (exit, output, error) = await Program.RunWith(Two, ["explain", .. id, "--from", "-"]);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no finding")]
    [InlineData("[]", "holds no finding")]
    [InlineData("{\"id\":\"x\"}\n{", "is not JSON: line 2")]
    [InlineData("7", "Number where an object is expected")]
    [InlineData("{\"id\":\"x\",\"type\":\"Recon:EC2/Portscan\"}", "finding x cannot be read: ")]
    [InlineData("{\"id\":\"\\ud800\",\"type\":\"Recon:EC2/Portscan\"}", "holds no finding")]
    [InlineData("[{\"id\":\"x\"},{\"type\":\"Recon:EC2/Portscan\"},{\"Id\":\"an ASFF finding\"}]", "holds no finding; `yagura scan --format json` and `--format jsonl` write what is read here")]
    [InlineData("{\"Records\":[]}", "holds no finding", "zz")]
    [InlineData("severity,type", "is not JSON: line 1, byte 1; `yagura scan --format json` and")]
    public async Task What_is_no_finding_is_said(string content, string message, params string[] id)
    {
        var (exit, output, error) = await Program.RunWith(Encoding.UTF8.GetBytes(content), ["explain", .. id, "--from", "-"]);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_is_the_finding_with_its_guide()
    {
        var (exit, output, _) = await Program.RunWith(Two, "explain", Other.Id, "--from", "-", "--format", "json", "--lang", "ja");
        Assert.Equal(0, exit);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(Other.Id, json.RootElement.GetProperty("finding").GetProperty("id").GetString());
        Assert.StartsWith("# Backdoor:EC2/C&CActivity.B", json.RootElement.GetProperty("guide").GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
