using CsCheck;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Engine.Sequences;

namespace Yagura.Engine.Tests.Sequences;

/// <summary>Which company of signals is an attack, and which is an ordinary day.</summary>
public sealed class AttackTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static Clue Clue(string name, Tactic tactic, double hour, bool strong = false, bool anomaly = false, string? cause = null) => new(
        name, SignalType.Finding, name, tactic, null, name,
        new Detection(new("Custom:IAMUser/Test"), "111122223333", "eu-west-1", "s", "arn:aws:iam::111122223333:user/a", strong ? Severity.High : Severity.Low, new(ResourceType.AccessKey), new AwsApiCallAction(name, "iam.amazonaws.com", "Remote IP", null), ResourceRole.Target, name),
        1, [new(Start.AddHours(hour), Start.AddHours(hour), 1, [])])
    { IsStrong = strong, IsAnomaly = anomaly, Cause = cause };

    private static bool IsAttack(params Clue[] clues) => Episode.Among(clues, Attack.IsShownBy).Any();

    [Fact]
    public void Two_tactics_that_findings_show_are_an_attack() =>
        Assert.True(IsAttack(Clue("a", Tactic.CredentialAccess, 0, strong: true), Clue("b", Tactic.Impact, 5, strong: true)));

    [Fact]
    public void One_finding_needs_two_more_tactics_beside_it()
    {
        Assert.False(IsAttack(Clue("a", Tactic.CredentialAccess, 0, strong: true), Clue("b", Tactic.Persistence, 1)));
        Assert.False(IsAttack(Clue("a", Tactic.CredentialAccess, 0, strong: true), Clue("b", Tactic.Persistence, 1), Clue("c", Tactic.Persistence, 2)));
        Assert.True(IsAttack(Clue("a", Tactic.CredentialAccess, 0, strong: true), Clue("b", Tactic.Persistence, 1), Clue("c", Tactic.DefenseEvasion, 2)));
    }

    [Fact]
    public void An_administrators_day_is_none_however_full() =>
        Assert.False(IsAttack([.. Enum.GetValues<Tactic>().Select((tactic, at) => Clue($"{tactic}", tactic, at))]));

    [Fact]
    public void Breaks_with_habit_alone_need_three_tactics()
    {
        Clue[] two = [Clue("a", Tactic.Persistence, 0, strong: true, anomaly: true), Clue("b", Tactic.DefenseEvasion, 1, strong: true, anomaly: true)];
        Assert.False(IsAttack(two));
        Assert.True(IsAttack([.. two, Clue("c", Tactic.Discovery, 0)]));
        Assert.True(IsAttack([.. two, Clue("c", Tactic.Persistence, 0, strong: true)]));
    }

    [Fact]
    public void One_bad_address_is_one_reason_however_many_types_tell_of_it()
    {
        Clue[] same = [Clue("a", Tactic.Discovery, 0, strong: true, cause: "198.51.100.7"), Clue("b", Tactic.InitialAccess, 1, strong: true, cause: "198.51.100.7")];
        Assert.False(IsAttack(same));
        Assert.True(IsAttack(same[0], same[1] with { Cause = "198.51.100.8" }));
        Assert.True(IsAttack([.. same, Clue("c", Tactic.Persistence, 2)]));
    }

    [Fact]
    public void What_lies_more_than_a_day_apart_is_not_joined() =>
        Assert.False(IsAttack(Clue("a", Tactic.CredentialAccess, 0, strong: true), Clue("b", Tactic.Impact, 24.1, strong: true)));

    [Fact]
    public void What_only_goes_backwards_is_no_attack()
    {
        Assert.False(IsAttack(Clue("a", Tactic.Impact, 0, strong: true), Clue("b", Tactic.Discovery, 1, strong: true)));
        Assert.True(IsAttack(Clue("a", Tactic.Impact, 1, strong: true), Clue("b", Tactic.Discovery, 0, strong: true)));
    }

    [Fact]
    public void More_signals_never_take_an_attack_away() => Check.Sample(
        Gen.Select(Gen.Int[0, 12], Gen.Double[0, 30], Gen.Bool, Gen.Bool, Gen.Int[0, 3]).Array[1, 12],
        drawn =>
        {
            Clue[] clues = [.. drawn.Select((one, at) => Clue($"{at}", (Tactic)one.Item1, one.Item2, one.Item3, one.Item4, one.Item5 == 0 ? null : $"cause {one.Item5}"))];
            for (var some = 1; some < clues.Length; some++)
                if (IsAttack(clues[..some])) Assert.True(IsAttack(clues[..(some + 1)]));
        });

    [Fact]
    public void Windows_that_overlap_are_one_attack_and_others_are_others()
    {
        Clue[] Day(int day) => [Clue($"a{day}", Tactic.CredentialAccess, 24 * day, strong: true), Clue($"b{day}", Tactic.Impact, 24 * day + 20, strong: true)];
        Assert.Single(Episode.Among([.. Day(0), .. Day(1), .. Day(2)], Attack.IsShownBy));
        Assert.Equal(2, Episode.Among([.. Day(0), .. Day(3)], Attack.IsShownBy).Count());
    }

    [Fact]
    public void The_attacks_are_those_that_asking_of_every_window_would_find() => Check.Sample(
        Gen.Select(Gen.Int[0, 12], Gen.Double[0, 90], Gen.Bool).Array[1, 16],
        drawn =>
        {
            Clue[] clues = [.. drawn.Select((one, at) => Clue($"{at}", (Tactic)one.Item1, one.Item2, one.Item3)).OrderBy(clue => clue.Occurrences[0].First)];
            List<(Clue, Occurrence)> From(Clue start) =>
            [
                .. clues.Select(clue => (clue, Occurrence: clue.Occurrences[0]))
                    .Where(one => one.Occurrence.First >= start.Occurrences[0].First && one.Occurrence.First - start.Occurrences[0].First <= Attack.Window),
            ];
            var shown = clues.Where(start => Attack.IsShownBy(From(start))).SelectMany(From).Select(one => one.Item1.Uid).ToHashSet(StringComparer.Ordinal);
            Assert.Equal(shown.Order(StringComparer.Ordinal), Episode.Among(clues, Attack.IsShownBy).SelectMany(episode => episode.Steps).Select(step => step.Clue.Uid).Order(StringComparer.Ordinal));
        });
}
