using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;

namespace Yagura.Engine.Tests.Suppressions;

public sealed class PatternChangeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static HiddenTrait Seen(HiddenTraitKind kind, string value, double day, long occurrences = 1) => new(kind, value, Start.AddDays(day), Start.AddDays(day), occurrences);

    private static HiddenPattern Pattern(params HiddenTrait[] traits) =>
        new([Seen(HiddenTraitKind.Actor, "scanner", 0), Seen(HiddenTraitKind.Type, "Recon:EC2/Portscan", 0), Seen(HiddenTraitKind.Severity, "Medium", 0), .. traits], []);

    private static string Told(HiddenPattern pattern, double reviewed = -1, double now = 10) =>
        string.Join("; ", PatternChange.Judge(pattern, Start.AddDays(reviewed), Start.AddDays(now)).Select(change => $"{change.Kind} {change.Count}: {change.Why}"));

    [Fact]
    public void What_never_met_anything_has_no_pattern() => Assert.Empty(PatternChange.Judge(new([], []), Start, Start));

    [Fact]
    public void The_same_again_is_no_news() => Assert.Empty(Told(Pattern()));

    [Fact]
    public void Another_actor_is_news_after_the_day_of_learning()
    {
        Assert.Empty(Told(Pattern(Seen(HiddenTraitKind.Actor, "colleague", 0.9))));
        Assert.Equal("Actor 1: it now hides another actor: stranger; the only one before was expected", Told(Pattern(Seen(HiddenTraitKind.Actor, "stranger", 3))));
        Assert.Equal(
            "Actor 4: it now hides other actors: a, b, c and 1 more; the only one before was expected",
            Told(Pattern(Seen(HiddenTraitKind.Actor, "a", 2), Seen(HiddenTraitKind.Actor, "b", 3), Seen(HiddenTraitKind.Actor, "c", 4), Seen(HiddenTraitKind.Actor, "d", 5))));
    }

    [Fact]
    public void What_a_review_has_seen_is_expected()
    {
        Assert.Empty(Told(Pattern(Seen(HiddenTraitKind.Actor, "stranger", 3)), reviewed: 4));
        Assert.NotEmpty(Told(Pattern(Seen(HiddenTraitKind.Actor, "stranger", 5)), reviewed: 4));
    }

    [Fact]
    public void A_rule_that_hides_whomever_it_meets_has_no_new_actor() =>
        Assert.Empty(Told(Pattern([.. Enumerable.Range(0, PatternChange.ManyActors).Select(number => Seen(HiddenTraitKind.Actor, $"{number}", 0.1)), Seen(HiddenTraitKind.Actor, "stranger", 3)])));

    [Fact]
    public void A_graver_finding_is_news_and_a_lesser_one_is_not()
    {
        Assert.Empty(Told(Pattern(Seen(HiddenTraitKind.Severity, "Low", 3))));
        var change = Assert.Single(PatternChange.Judge(Pattern(Seen(HiddenTraitKind.Severity, "High", 3), Seen(HiddenTraitKind.Severity, "Critical", 4)), Start, Start.AddDays(5)));
        Assert.Equal((PatternChangeKind.Severity, Severity.Critical, "it now hides findings of severity Critical; Medium was the gravest before"), (change.Kind, change.Gravest, change.Why));
    }

    [Fact]
    public void Another_type_is_news() =>
        Assert.Equal("Type 1: it now hides another finding type: Trojan:EC2/DropPoint; it hid none of it before", Told(Pattern(Seen(HiddenTraitKind.Type, "Trojan:EC2/DropPoint", 3))));

    [Theory]
    [InlineData(4, 21, true)]
    [InlineData(4, 19, false)] // little in itself
    [InlineData(10, 50, false)] // not more than five times as much
    [InlineData(10, 51, true)]
    public void Far_more_than_on_the_busiest_day_is_news(long before, long now, bool isTold)
    {
        var day = DateOnly.FromDateTime(Start.UtcDateTime);
        var pattern = Pattern() with { Days = [(day, 1), (day.AddDays(1), before), (day.AddDays(5), now)] };
        Assert.Equal(isTold ? $"Volume {now}: it hid {now} occurrences in one day; {before} on the busiest day before" : "", Told(pattern));
        Assert.Empty(Told(pattern, reviewed: 6));
    }
}
