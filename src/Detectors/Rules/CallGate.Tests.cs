using CsCheck;
using Yagura.Detectors.Rules;
using Yagura.Matching;
using Yagura.Matching.Conditions;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class CallGateTests
{
    private static readonly string[] Words =
        ["", "Root", "root", "IAMUser", "StopLogging", "stoplogging", "StopLoggings", "GetÉ", "geté", "GetObject", "getobject", "s3.amazonaws.com", "[\"Root\",\"StopLogging\"]", new string('a', 300), new string('A', 300), "aws"];

    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    // A record without a name or a source is quarantined before it comes here.
    private static readonly Gen<string> Named = Word.Where(word => word.Length > 0);

    private static readonly Gen<Condition> Conditions = Gen.Recursive<Condition>((depth, inner) =>
    {
        var field = Gen.Select(Gen.OneOf(new[] { "eventName", "userIdentity.type", "eventType", "eventSource", "awsRegion" }.Select(Gen.Const).ToArray()), AnyTest, Condition (path, test) => new Field(path, test));
        return depth > 3 ? field : Gen.OneOf(
            field, field, inner.List[1, 3].Select(Condition (parts) => new All(parts)), inner.List[1, 3].Select(Condition (parts) => new Any(parts)), inner.Select(Condition (part) => new Not(part)));
    });

    private static Gen<Test> AnyTest => Gen.OneOf(
        Gen.Select(Word, Gen.Bool, Test (text, ignoreCase) => new Test.Equal(text, ignoreCase)),
        Gen.Select(Word, Gen.Bool, Test (text, ignoreCase) => new Test.Prefix(text, ignoreCase)),
        Gen.Select(Word, Test (text) => new Test.Wildcard([text.Length > 3 ? text[..3] : text, ""], IgnoreCase: true)),
        Gen.Const<Test>(new Test.Present()));

    [Fact]
    public void A_call_that_a_condition_holds_for_is_never_kept_out() => Gen.Select(Conditions.List[1, 4], Named, Word, Word, Named).Sample((conditions, name, user, type, source) =>
    {
        var matcher = new Matcher<int>();
        for (var i = 0; i < conditions.Count; i++) matcher.Add(i, conditions[i]);
        var gate = CallGate.Of(conditions);
        var hits = new List<int>();
        Read(call =>
        {
            Assert.Equal(EventFault.None, matcher.Match(call.Raw, new MatchBuffer(), hits));
            Assert.True(gate.MayMatter(call) || hits.Count == 0);
        }, $$"""{"eventTime":"2026-03-01T10:00:00Z","awsRegion":"aws","eventName":{{Json(name)}},"userIdentity":{"type":{{Json(user)}}},"eventType":{{Json(type)}},"eventSource":{{Json(source)}}}""");
    });

    [Fact]
    public void A_call_of_another_name_is_kept_out()
    {
        var gate = CallGate.Of([new Field("eventName", new Test.Equal("StopLogging", IgnoreCase: true)), new Field("userIdentity.type", new Test.Equal("Root"))]);
        Read(call => Assert.False(gate.MayMatter(call)), Event("cloudtrail", "StartLogging"));
        Read(call => Assert.True(gate.MayMatter(call)), Event("cloudtrail", "STOPLogging"));
    }

    private static string Json(string word) => word.StartsWith('[') ? word : $"\"{word}\"";
}
