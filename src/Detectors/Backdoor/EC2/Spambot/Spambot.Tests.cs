using Yagura.Detectors.Families;

namespace Yagura.Detectors.Tests;

public sealed class SpambotTests
{
    private static readonly InstanceHabits Detector = new();

    private static IEnumerable<FlowLine> Days(int count) => Enumerable.Range(0, count).Select(day => Instance.Uses(day, 8_443));

    private static IEnumerable<FlowLine> Mail(int day, int servers) => Enumerable.Range(0, servers).Select(server => Instance.Mails(day, server: server));

    private static Decision? Decide(params IEnumerable<FlowLine> lines) => FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide().SingleOrDefault();

    [Theory]
    [InlineData(0, 64)]
    [InlineData(3, 16)]
    [InlineData(7, 8)]
    [InlineData(15, 1)]
    [InlineData(35, 1)]
    public void The_more_days_without_mail_are_known_the_fewer_servers_it_takes(int days, int servers)
    {
        Assert.Null(Decide([.. Days(days), .. Mail(days, servers - 1)]));
        Assert.Equal(servers, Decide([.. Days(days), .. Mail(days, servers)])!.Occurrences.Occurrences.Count);
    }

    [Fact]
    public void It_says_what_was_known()
    {
        Assert.Equal("the instance turned to 2 mail servers within a day; on the 20 days with records among the 35 before it sent none", Decide([.. Days(20), .. Mail(20, 2)])!.Detection.Why);
        Assert.Equal("the instance turned to about 306 mail servers within a day; no day before is known", Decide(Mail(20, 300))!.Detection.Why);
    }

    [Fact]
    public void A_relay_is_quiet_whatever_it_does()
    {
        Assert.Null(Decide(Enumerable.Range(0, 20).SelectMany(day => Mail(day, day == 19 ? 60 : 20))));
        Assert.Null(Decide(Enumerable.Range(0, 20).SelectMany(day => Mail(day, day == 19 ? 600 : 63))));
    }

    [Fact]
    public void Who_mailed_a_report_twice_and_turns_to_many_servers_is_one()
    {
        Assert.NotNull(Decide([.. Days(20), Instance.Mails(5), Instance.Mails(12), .. Mail(20, 20)]));
        Assert.Null(Decide([.. Days(20), Instance.Mails(5), Instance.Mails(12), .. Mail(20, 2)]));
    }

    [Fact]
    public void Mail_on_three_days_is_a_habit_of_which_only_the_days_are_kept()
    {
        var states = FlowStates.Of(Detector, Enumerable.Range(0, 40).SelectMany(day => Mail(day, 20)), Knowledge.Nothing);
        Assert.Empty(states.Decide());
        Assert.Equal(3, Assert.Single(states.All).Mail!.Parts.Parts.Count);
    }

    [Fact]
    public void Mail_that_never_gets_out_counts() => Assert.NotNull(Decide([.. Days(10), .. Mail(10, 8).Select(line => line with { Action = "REJECT", Packets = 1, Bytes = 60 })]));

    [Fact]
    public void Handing_mail_to_a_relay_does_not() => Assert.Null(Decide([.. Days(4), .. Mail(4, 100).Select(line => line with { DestinationPort = 587 })]));

    [Fact]
    public void Receiving_mail_does_not() =>
        Assert.Null(Decide([.. Days(20), .. Mail(20, 100).Select(line => line with { SourcePort = 25, DestinationPort = line.SourcePort })]));
}
