using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Yagura.Cli.Tests;

public sealed class BaselineCommandTests
{
    /// <summary>Ten days of one user who lists instances, and on the last one deletes flow logs, if asked to.</summary>
    private static byte[] Logs(int from, int days, bool attack = false)
    {
        var records = Enumerable.Range(from, days).Select(day => Record(day, "DescribeInstances", 9)).ToList();
        if (attack) records.Add(Record(from + days - 1, "DeleteFlowLogs", 10));
        return Encoding.UTF8.GetBytes($"{{\"Records\":[{string.Join(',', records)}]}}");
    }

    private static string Record(int day, string api, int hour) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"alice"},"eventTime":"2026-05-{{{day:00}}}T{{{hour:00}}}:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"{{{api}}}","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2.15","eventID":"00000000-0000-4000-8000-0000{{{day:00}}}{{{hour:00}}}0000","eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}""");

    [Fact]
    public async Task What_a_scan_learnt_is_shown_with_its_progress()
    {
        using var scratch = new Scratch();
        var logs = scratch.Add("logs.json", Logs(1, 5));
        var state = Path.Combine(scratch.Path, "state");
        await Program.Run("scan", logs, "--state", state, "--quiet");
        var (exit, output, error) = await Program.Run("baseline", "show", "--state", state);
        Assert.Equal(0, exit);
        Assert.Contains("arn:aws:iam::111122223333:user/alice", output, StringComparison.Ordinal);
        Assert.Contains("learning, 5 of 7", output, StringComparison.Ordinal);
        Assert.Contains("1 identity, 0 known", error, StringComparison.Ordinal);

        await Program.Run("scan", scratch.Add("more.json", Logs(6, 5)), "--state", state, "--quiet");
        var one = await Program.Run("baseline", "show", "alice", "--state", state);
        Assert.Contains("10 days with calls since 2026-05-01, of the last 30: its own history decides", one.Out, StringComparison.Ordinal);
        Assert.Contains("10 days  ec2:DescribeInstances, last on 2026-05-10", one.Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await Program.Run("baseline", "show", "--state", state, "--format", "jsonl")).Out);
        Assert.Equal((10, true), (json.RootElement.GetProperty("days").GetInt32(), json.RootElement.GetProperty("known").GetBoolean()));
    }

    [Fact]
    public async Task What_was_learnt_on_one_machine_is_known_on_another()
    {
        using var scratch = new Scratch();
        var (first, second) = (Path.Combine(scratch.Path, "first"), Path.Combine(scratch.Path, "second"));
        var file = Path.Combine(scratch.Path, "baselines.bin");
        await Program.Run("scan", scratch.Add("logs.json", Logs(1, 9)), "--state", first, "--quiet");
        Assert.Equal(0, (await Program.Run("baseline", "export", file, "--state", first)).ExitCode);
        Assert.Equal(0, (await Program.Run("baseline", "import", file, "--state", second)).ExitCode);

        var attack = scratch.Add("attack.json", Logs(10, 1, attack: true));
        foreach (var given in new[] { ("--state", first), ("--state", second), ("--baseline", file) })
        {
            var (_, output, _) = await Program.Run("scan", attack, given.Item1, given.Item2, "--quiet", "--format", "json");
            Assert.Contains("DefenseEvasion:IAMUser/AnomalousBehavior", output, StringComparison.Ordinal);
            Assert.Contains("9 days known", output, StringComparison.Ordinal);
        }
        Assert.Contains("10 days with calls", (await Program.Run("baseline", "show", "alice", "--state", second)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_next_scan_would_have_forgotten_is_refused()
    {
        using var scratch = new Scratch();
        var state = Path.Combine(scratch.Path, "state");
        var (exit, _, error) = await Program.Run("scan", scratch.Add("logs.json", Logs(1, 5)), "--state", state, "--baseline", scratch.Add("baselines.bin", []), "--quiet");
        Assert.Equal(2, exit);
        Assert.Contains("baseline import FILE --state DIR", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(state));
    }

    [Fact]
    public async Task Of_too_many_matches_one_is_asked_for()
    {
        using var scratch = new Scratch();
        var users = string.Join(',', Enumerable.Range(1, 4).Select(number => Record(1, "DescribeInstances", 9).Replace("alice", $"alice-{number}", StringComparison.Ordinal).Replace("00000000-", $"0000000{number}-", StringComparison.Ordinal)));
        var state = Path.Combine(scratch.Path, "state");
        await Program.Run("scan", scratch.Add("logs.json", Encoding.UTF8.GetBytes($"{{\"Records\":[{users}]}}")), "--state", state, "--quiet");
        Assert.EndsWith("4 identities, 0 known; more than 3 match alice: name one to see what is usual for it", (await Program.Run("baseline", "show", "alice", "--state", state)).Error.TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("4 identities, 0 known", (await Program.Run("baseline", "show", "--state", state)).Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_state_is_refused_and_stays_as_it_is()
    {
        using var scratch = new Scratch();
        var notes = scratch.Add("folder/journal-notes.jsonl", "mine"u8);
        var folder = Path.GetDirectoryName(notes)!;
        foreach (var arguments in new string[][] { ["show"], ["export", Path.Combine(scratch.Path, "file")] })
        {
            var (exit, _, error) = await Program.Run(["baseline", .. arguments, "--state", folder]);
            Assert.Equal(1, exit);
            Assert.Contains("holds no state", error, StringComparison.Ordinal);
        }
        Assert.Equal([notes], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task Wrong_files_and_folders_are_named()
    {
        using var scratch = new Scratch();
        var noFile = scratch.Add("baselines.bin", "YGB1 and then nothing of sense"u8.ToArray());
        var import = await Program.Run("baseline", "import", noFile, "--state", Path.Combine(scratch.Path, "state"));
        Assert.Equal(2, import.ExitCode);
        Assert.Contains("baselines.bin", import.Error, StringComparison.Ordinal);
        var show = await Program.Run("baseline", "show", "--state", Path.Combine(scratch.Path, "nowhere"));
        Assert.Equal(1, show.ExitCode);
        Assert.Contains("nowhere", show.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Program.Run("baseline", "show")).ExitCode);
    }

    [Fact]
    public async Task A_record_from_the_future_ends_nothing_that_was_learnt()
    {
        using var scratch = new Scratch();
        var (state, file) = (Path.Combine(scratch.Path, "state"), Path.Combine(scratch.Path, "baselines.bin"));
        await Program.Run("scan", scratch.Add("logs.json", Logs(1, 5)), "--state", state, "--quiet");
        await Program.Run("scan", scratch.Add("future.json", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Logs(6, 1)).Replace("2026-05", "2099-05", StringComparison.Ordinal))), "--state", state, "--quiet");
        Assert.DoesNotContain(File.ReadAllText(Path.Combine(state, "journal-0.jsonl")).Split('\n'), line => line.Contains("\"Day\":47", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("5 days with calls since 2026-05-01", (await Program.Run("baseline", "show", "alice", "--state", state)).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Program.Run("baseline", "export", file, "--state", state)).ExitCode);
        Assert.Equal(0, (await Program.Run("baseline", "import", file, "--state", Path.Combine(scratch.Path, "other"))).ExitCode);
        Assert.Contains("5 days with calls since 2026-05-01", (await Program.Run("baseline", "show", "alice", "--state", Path.Combine(scratch.Path, "other"))).Out, StringComparison.Ordinal);
    }
}
