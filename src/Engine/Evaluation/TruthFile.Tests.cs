using System.Globalization;

namespace Yagura.Engine.Evaluation;

public sealed class TruthFileTests
{
    [Fact]
    public void A_line_says_which_types_name_it_and_which_records_it_is_about()
    {
        var (lines, mistakes) = TruthFile.Read(
            """
            # what was done on the first of March

            {"types": ["Recon:EC2/Portscan", "Impact:EC2/PortSweep"], "resources": "i-0123456789abcdef0", "start": "2026-03-01T04:00:00Z", "end": "2026-03-01T05:00:00Z", "basis": "documented"}
            {"ignore": true, "events": ["11111111-2222-3333-4444-555555555555"], "note": "the clean-up"}
            """);
        Assert.Empty(mistakes);
        Assert.Equal([3, 4], lines.Select(line => line.Line));
        Assert.Equal(["Recon:EC2/Portscan", "Impact:EC2/PortSweep"], lines[0].Types);
        Assert.Equal(["i-0123456789abcdef0"], lines[0].Resources);
        Assert.Equal((new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero), "documented", false), (lines[0].Start!.Value, lines[0].Basis, lines[0].IsIgnored));
        Assert.True(lines[1].IsIgnored);
    }

    [Fact]
    public void Every_mistake_is_told_with_its_line()
    {
        var (_, mistakes) = TruthFile.Read(
            """
            {"types": ["Recon:EC2/Portscann"], "resources": ["i-1"]}
            {"typs": ["Recon:EC2/Portscan"], "events": [7]}
            nonsense
            []
            {"types": ["nonsense"], "start": "yesterday", "addresses": ["10.0.0"], "optional": "yes"}
            {"types": ["Recon:EC2/Portscan"], "start": "2026-03-02T00:00:00Z", "end": "2026-03-01T00:00:00Z"}
            {"types": ["\ud800"], "events": ["x"]}
            {"types": ["Our:Own/Type"], "events": ["x"]}
            """);
        Assert.Equal(
            [
                "line 1: types: no type Recon:EC2/Portscann; did you mean Recon:EC2/Portscan?",
                "line 2: unknown key typs; did you mean types?",
                "line 2: events: neither a text nor a list of texts",
                "line 2: types: missing (or \"ignore\": true)",
                "line 2: it does not say which records are meant: give events, or start and end, or principals, addresses, resources or agents",
                "line 3: no JSON: byte 2",
                "line 4: no JSON object",
                "line 5: types: nonsense is not the name of a finding type",
                "line 5: optional: neither true nor false",
                "line 5: start: yesterday is no time",
                "line 5: addresses: 10.0.0 is none",
                "line 5: it does not say which records are meant: give events, or start and end, or principals, addresses, resources or agents",
                "line 6: start lies after end",
                "line 7: a text holds an escape that is no character",
            ],
            mistakes);
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_short()
    {
        var (_, mistakes) = TruthFile.Read(string.Join('\n', Enumerable.Range(0, 200).Select(number => number.ToString(CultureInfo.InvariantCulture))));
        Assert.Equal((51, "and 150 more"), (mistakes.Count, mistakes[^1]));
    }

    [Fact]
    public void An_empty_file_is_a_mistake() => Assert.Equal(["no line says what happened"], TruthFile.Read("\n# nothing\n").Mistakes);

    [Fact]
    public void What_the_simulator_expects_is_truth()
    {
        var (lines, mistakes) = TruthFile.Read(
            """
            {"kind":"attack","type":"Recon:IAMUser/TorIPCaller","account":"777788889999","region":"us-east-1","subject":"arn:aws:iam::777788889999:user/rin","principal":"arn:aws:iam::777788889999:user/rin","count":5,"firstSeen":"2026-09-01T11:24:05Z","lastSeen":"2026-09-01T12:02:30Z","outcome":"found","note":"five calls"}
            {"kind":"twin","type":"Recon:IAMUser/TorIPCaller","account":"111122223333","region":"us-east-1","subject":"x","principal":"x","count":0,"firstSeen":null,"lastSeen":null,"outcome":"quiet","note":"a service"}
            {"kind":"evasive","type":"Backdoor:EC2/C&CActivity.B","account":"111122223333","region":"us-east-1","subject":"i-1","principal":null,"count":0,"firstSeen":null,"lastSeen":null,"outcome":"blind","note":"unlisted"}
            {"kind":"corpus","log":"CloudTrail","objects":864}
            """);
        Assert.Empty(mistakes);
        Assert.Equal([("simulated, attack", 1, 0), ("simulated, evasive", 0, 1)], lines.Select(line => (line.Basis!, line.Principals.Count, line.Resources.Count)));
        Assert.Null(lines[1].Start);
    }
}
