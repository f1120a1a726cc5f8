using System.Text;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Sequences;
using Yagura.Matching.Sequences;

namespace Yagura.Engine.Tests.Sequences;

public sealed class StepTrackTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static SequenceRule Rule(string order = "strict") => Assert.Single(SequenceFile.Read(Encoding.UTF8.GetBytes($$$"""
        name: three
        title: Three
        window: 1h
        order: {{{order}}}
        join: principal
        steps:
          - {name: first, event: {eventName: [A]}}
          - {name: second, event: {eventName: [B]}}
          - {name: third, event: {eventName: [C]}}
        """)).Rules);

    private static (int, Clue) Seen(int step, params double[] minutes) => (step, new(
        $"{step}", SignalType.CloudTrail, $"{step}", null, null, "",
        new Detection(new("Custom:IAMUser/Test"), "111122223333", "eu-west-1", "s", "p", Severity.Low, new(ResourceType.AccessKey), new AwsApiCallAction("A", "iam.amazonaws.com", "Remote IP", null), ResourceRole.Target, ""),
        1, [.. minutes.Select(minute => new Occurrence(Start.AddMinutes(minute), Start.AddMinutes(minute), 1, []))])
    { Step = ((string[])["first", "second", "third"])[step] });

    private static StepTrack Track(SequenceRule rule, params (int, Clue)[] clues) => StepTrack.Of(rule, clues);

    [Fact]
    public void Steps_in_their_order_within_the_window_are_one() =>
        Assert.Equal(3, Assert.Single(Track(Rule(), Seen(0, 0), Seen(1, 30), Seen(2, 60)).Episodes()).Steps.Count);

    [Fact]
    public void A_later_start_may_fit_where_the_first_does_not() =>
        Assert.Single(Track(Rule(), Seen(0, 0, 40), Seen(1, 50), Seen(2, 90)).Episodes());

    [Fact]
    public void Each_time_counts_and_none_twice() =>
        Assert.Equal(2, Track(Rule(), Seen(0, 0, 1, 200), Seen(1, 10, 210), Seen(2, 20, 220)).Episodes().Count);

    [Fact]
    public void Any_order_is_any_order()
    {
        Assert.Empty(Track(Rule(), Seen(0, 30), Seen(1, 0), Seen(2, 10)).Episodes());
        Assert.Single(Track(Rule("any"), Seen(0, 30), Seen(1, 0), Seen(2, 10)).Episodes());
        Assert.Empty(Track(Rule("any"), Seen(0, 70), Seen(1, 0), Seen(2, 10)).Episodes());
    }

    [Fact]
    public void A_near_miss_says_what_it_lacks()
    {
        Assert.Equal("2 of 3 steps; missing: third", Track(Rule(), Seen(0, 0), Seen(1, 30)).NearMiss()?.Lacks);
        Assert.Equal("all 3 steps, but over 1 h 1 min: the window is 1 h", Track(Rule(), Seen(0, 0), Seen(1, 30), Seen(2, 61)).NearMiss()?.Lacks);
        Assert.Equal("all steps, but not in their order", Track(Rule(), Seen(0, 0), Seen(1, 30), Seen(2, 10)).NearMiss()?.Lacks);
        Assert.Null(Track(Rule(), Seen(1, 30)).NearMiss());
    }

    private static readonly Gen<double[]> AnyMinutes = Gen.Int[0, 300].Select(minute => (double)minute).Array[0, 12];

    [Fact]
    public void Ways_are_the_earliest_that_looking_at_everything_would_find() => Check.Sample(
        Gen.Select(AnyMinutes, AnyMinutes, AnyMinutes),
        (first, second, third) =>
        {
            var expected = new List<double[]>();
            foreach (var a in first.Order())
            {
                if (expected.Count > 0 && a <= expected[^1][2]) continue;
                var b = second.Order().FirstOrDefault(minute => minute >= a, -1);
                var c = third.Order().FirstOrDefault(minute => minute >= b, -1);
                if (b >= 0 && c >= 0 && c - a <= 60) expected.Add([a, b, c]);
            }
            var found = Track(Rule(), Seen(0, first), Seen(1, second), Seen(2, third)).Episodes();
            Assert.Equal(expected.SelectMany(way => way).Select(minute => Start.AddMinutes(minute)), found.SelectMany(episode => episode.Steps).Select(step => step.Occurrence.First));
        });
}
