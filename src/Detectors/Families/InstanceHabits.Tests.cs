using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

/// <summary>What is common to all that is learnt of an instance.</summary>
public sealed class InstanceHabitsTests
{
    private static readonly InstanceHabits Detector = new();

    [Fact]
    public void A_quiet_flow_allocates_nothing() =>
        NetworkLogs.Read(FlowLine.Header + "\n" + string.Concat(Instance.QuietLines), flow: flow =>
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Observe(flow, Knowledge.Nothing, null!);
            })));

    [Fact]
    public void Any_order_split_and_repetition_of_weeks_gives_the_same_findings()
    {
        var line = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 23], Gen.Int[0, 9], Gen.Int[0, 7]).Select((day, hour, number, kind) => kind switch
        {
            0 => Instance.Uses(day, 4_444, hour, number),
            1 => Instance.Uses(day, 5_000 + number % 3, hour, number),
            2 => Instance.Mails(day, hour, number),
            3 => Instance.Sends(day, 1_000_000_000L >> number, hour, host: 40 + number % 2),
            _ => Instance.Uses(day, 8_443, hour, number),
        });
        var findings = 0;
        Gen.Select(line.Array[0, 120], Gen.Int[0, 120]).Sample((lines, cut) =>
        {
            var whole = Instance.Print(FlowStates.Of(Detector, lines, Knowledge.Nothing));
            Assert.Equal(whole, Instance.Print(FlowStates.InPieces(Detector, [lines.Skip(cut).Reverse(), lines, lines.Take(cut)], Knowledge.Nothing)));
            Assert.Equal(whole, Instance.Print(FlowStates.InPieces(Detector, lines.Reverse().Chunk(5), Knowledge.Nothing)));
            Interlocked.Add(ref findings, whole.Length > 0 ? 1 : 0);
        }, iter: 200);
        Assert.True(findings > 50, $"only {findings} of 200 found anything");
    }

    [Fact]
    public void Half_a_year_leaves_what_three_months_need() => Assert.All(
        FlowStates.InPieces(Detector, Enumerable.Range(0, 180).Select(day => new[] { Instance.Uses(day, 8_443), Instance.Mails(day), Instance.Sends(day, 700_000_000) }), Knowledge.Nothing).All,
        habits =>
        {
            Assert.Equal(128, habits.Active.Count(0, int.MaxValue));
            Assert.Empty(habits.Mail!.Parts.Parts);
            Assert.InRange(habits.Sent!.Parts.Count, 1, 72);
            Assert.Empty(Assert.Single(habits.Ports!.Ports).Value.Uses.Parts);
        });

    [Fact]
    public void A_month_of_an_ordinary_server_is_quiet()
    {
        // Installs from a mirror, sends logs and backups of changing size to changing hosts, reports by mail once a week, and meets a new port now and then.
        IEnumerable<FlowLine> Day(int day)
        {
            for (var hour = 0; hour < 24; hour++)
            {
                yield return Instance.Uses(day, 443, hour, hour);
                yield return Instance.Uses(day, 8_443, hour, hour % 5);
                yield return Instance.Sends(day, 20_000_000 + 3_000_000 * (day * 7 % 10) + hour, hour, host: 60 + day * hour % 9);
            }
            yield return Instance.Sends(day, 1_500_000_000 + 150_000_000L * (day * 5 % 7), 3, host: 30 + day % 4);
            if (day % 7 == 0) yield return Instance.Mails(day, 9);
            if (day % 10 == 0) yield return Instance.Uses(day, 873, 10);
        }
        Assert.Equal("", Instance.Print(FlowStates.InPieces(Detector, Enumerable.Range(0, 30).Select(Day), Knowledge.Nothing)));
    }

    [Fact]
    public void An_explanation_tells_what_was_known_and_what_would_be_quiet()
    {
        var lines = Enumerable.Range(0, 20).Select(day => Instance.Uses(day, 8_443)).Append(Instance.Uses(20, 1_389)).Append(Instance.Mails(20)).Append(Instance.Sends(20, 2_000_000_000));
        var decisions = FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide();
        Assert.Equal(["Backdoor:EC2/Spambot", "Behavior:EC2/NetworkPortUnusual", "Behavior:EC2/TrafficVolumeUnusual"], decisions.Select(decision => decision.Detection.Type.Name));
        Assert.All(decisions, decision =>
        {
            var anomaly = decision.Detection.Anomaly!;
            Assert.Equal(anomaly.Score, anomaly.Parts.Sum(part => part.Score), 1e-9);
            Assert.True(anomaly.Score >= anomaly.Threshold);
            Assert.Equal(new LearningProgress("eni-1", 20, 35, 7, new DateOnly(2026, 1, 1)), anomaly.History);
            Assert.All(anomaly.Parts, part => Assert.NotEmpty(part.Compared));
            Assert.NotEmpty(anomaly.Quiet);
            Assert.NotEmpty(decision.Occurrences.Evidence);
        });
    }
}

/// <summary>What one instance does.</summary>
internal static class Instance
{
    public const string Address = "10.0.0.5";

    /// <summary>What it and its clients do all the time. The numbers are chosen so that none is drawn as the sign of an active day.</summary>
    public static IEnumerable<FlowLine> QuietLines =>
    [
        new(Address, "198.51.100.1") { SourcePort = 443, DestinationPort = 50_001, Bytes = 4_200 },
        new(Address, "198.51.100.1") { SourcePort = 50_003, DestinationPort = 443, Bytes = 4_201 },
        new("198.51.100.1", Address) { SourcePort = 40_005, DestinationPort = 22, Action = "REJECT", Packets = 1, Bytes = 40 },
        new(Address, "10.0.0.9") { SourcePort = 40_002, DestinationPort = 5_432 },
    ];

    public static FlowLine Uses(int day, int port, int hour = 12, int number = 0, int host = 7) => new(Address, $"203.0.113.{host}")
    {
        SourcePort = 40_000 + number, DestinationPort = port, Second = At(day, hour) + number, Packets = 12, Bytes = 2_400,
    };

    public static FlowLine Mails(int day, int hour = 12, int server = 0) => Uses(day, 25, hour, server) with { Destination = $"198.51.{100 + server / 250}.{server % 250}" };

    public static FlowLine Sends(int day, long bytes, int hour = 12, int host = 9) => Uses(day, 443, hour, host) with { Destination = $"192.0.2.{host}", Packets = bytes / 1_400 + 1, Bytes = bytes };

    public static string Print<TState>(FlowStates<TState> states) where TState : class, IMergeable<TState>, new() =>
        string.Join('\n', states.Decide().Select(decision => string.Join(' ', decision.Detection.Anomaly!.Score, decision.Detection.Anomaly.History,
            string.Join(',', decision.Detection.Anomaly.Parts.SelectMany(part => part.Compared)), string.Join(',', decision.Detection.Anomaly.Parts))))
        + states.Print();

    private static int At(int day, int hour) => day * 86_400 + hour * 3_600;
}
