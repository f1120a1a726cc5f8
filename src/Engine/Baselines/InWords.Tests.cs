using Yagura.Core.Findings;
using Yagura.Engine.Baselines;

namespace Yagura.Engine.Tests;

public sealed class InWordsTests
{
    private const string Ada = "arn:aws:iam::111122223333:user/ada";
    private static readonly DateOnly First = new(2026, 3, 2);

    private static Comparison World { get; } = new("world", "one in 256, by judgement", null, 0, null);

    private static ScorePart Part(string feature, string seen, double score, int own, int account) =>
        new(feature, seen, score, [Days("userIdentity", Ada, own), Days("peers", "IAMUser", own), Days("account", "111122223333", account), World]);

    private static Comparison Days(string level, string whom, int seen) => new(level, whom, seen, 8, seen > 0 ? First : null);

    private static string Say(int days, params ScorePart[] parts) =>
        InWords.Of(new(parts.Sum(part => part.Score), 16, "bits", new(Ada, days, 30, 7, days > 0 ? First : null), parts, []), "the least for any account");

    [Fact]
    public void What_is_new_to_the_account_is_told_from_what_is_new_to_the_identity() =>
        Assert.Equal(
            $"Nobody in account 111122223333 on the 8 days known before: API iam:CreateUser, network 203.0.0.0/16. Never before by {Ada} (8 days known): client Boto3. "
            + $"Seldom by {Ada} (8 days known): region us-east-1 (on 1 of 8 days). In all 30.0 bits of surprise; told from 16.0 (the least for any account).",
            Say(8, Part("API", "iam:CreateUser", 12, 0, 0), Part("network", "203.0.0.0/16", 10, 0, 0), Part("client", "Boto3", 5, 0, 8), Part("region", "us-east-1", 2.5, 1, 1), Part("time of day", "08:00 to 12:00 UTC", 0.5, 8, 8)));

    [Fact]
    public void Days_that_are_too_few_are_called_few() => Assert.Contains($"Never before by {Ada} (only 4 of 7 days known): client Boto3.", Say(4, Part("client", "Boto3", 5, 0, 8)), StringComparison.Ordinal);

    [Fact]
    public void An_identity_that_nobody_knows_is_called_so_once() =>
        Assert.Equal(
            $"Nobody in account 111122223333 on the 8 days known before: API iam:CreateUser. {Ada} was never seen before. In all 18.0 bits of surprise; told from 16.0 (the least for any account).",
            Say(0, Part("API", "iam:CreateUser", 12, 0, 0), new("identity", Ada, 6, [Days("account", "111122223333", 0)])));

    [Fact]
    public void An_amount_is_told_with_the_most_before() =>
        Assert.StartsWith(
            "The number of reads of objects was about 900 on that day; on 8 earlier days it was at most 15. The number of unusual APIs was 2: s3:CopyObject, s3:GetObject.",
            Say(8, new("number of reads of objects", "about 900 on that day", 15, [new("userIdentity", Ada, null, 8, null, new(8, 7, 15, 15, "reads of objects"))]),
                new("number of unusual APIs", "2: s3:CopyObject, s3:GetObject", 2, [])), StringComparison.Ordinal);

    [Fact]
    public void An_amount_of_what_was_never_done_is_told_as_that() =>
        Assert.StartsWith(
            "The number of reads of objects was about 900 on that day; never before were there any. In all",
            Say(8, new ScorePart("number of reads of objects", "about 900 on that day", 15, [new("userIdentity", Ada, null, 0, null, new(0, 0, 0, 0, "reads of objects"))])), StringComparison.Ordinal);

    [Fact]
    public void In_an_account_that_nobody_knows_the_world_is_asked() =>
        Assert.StartsWith($"{Ada} was never seen before. API iam:CreateUser: one in 256, by judgement.", Say(0, new ScorePart("API", "iam:CreateUser", 10, [World])), StringComparison.Ordinal);
}
