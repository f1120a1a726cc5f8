using System.Globalization;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Criteria;

/// <summary>Brings criteria into the form that the matcher takes.</summary>
/// <remarks>Conditions are independent of each other, also below one list: GuardDuty does not ask that the values lie in the same element.</remarks>
internal static class CriteriaCompiler
{
    public static Condition Compile(IEnumerable<FindingCondition> conditions) =>
        new All([.. from condition in conditions from test in condition.Tests select Compile(condition.Path, test)]);

    private static Condition Compile(string path, FindingTest test)
    {
        var isTime = FindingPaths.IsTime(path);
        var field = FindingPaths.FieldOf(path);
        var any = new Any([.. Accepting(test, isTime).Select(accepting => (Condition)new Field(field, accepting))]);
        return test.IsNegated ? new Not(any) : any;
    }

    /// <summary>A value is accepted by one of these; a negation says that none is.</summary>
    private static IEnumerable<Test> Accepting(FindingTest test, bool isTime)
    {
        var number = test.Number;
        return test.Operator switch
        {
            FindingOperator.Equals or FindingOperator.NotEquals => test.Values.SelectMany(text => Equal(text, isTime)),
            FindingOperator.Matches or FindingOperator.NotMatches => test.Values.SelectMany(text => Fitting(new(text), isTime)),
            FindingOperator.GreaterThan => number == long.MaxValue ? [] : Between(number + 1, long.MaxValue, isTime),
            FindingOperator.GreaterThanOrEqual => Between(number, long.MaxValue, isTime),
            FindingOperator.LessThan => number == long.MinValue ? [] : Between(long.MinValue, number - 1, isTime),
            FindingOperator.LessThanOrEqual => Between(long.MinValue, number, isTime),
        };
    }

    // GuardDuty keeps some numbers, such as that of an autonomous system, as text.
    private static Test[] Between(long least, long most, bool isTime) => [new Test.Whole(least, most, isTime ? WholeOf.Time : WholeOf.NumberOrText)];

    private static IEnumerable<Test> Equal(string text, bool isTime)
    {
        if (!isTime) yield return new Test.Equal(text);
        if (text is "true" or "false") yield return new Test.Word(text is "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text)
        {
            yield return new Test.Whole(number, number, NumberOf(isTime));
        }
    }

    private static IEnumerable<Test> Fitting(FindingPattern pattern, bool isTime)
    {
        if (!isTime) yield return pattern.Wildcard;
        if (pattern.Fits("true")) yield return new Test.Word(true);
        if (pattern.Fits("false")) yield return new Test.Word(false);
        if (pattern.FitsDigits) yield return new Test.Digits(pattern.Wildcard, NumberOf(isTime));
    }

    private static WholeOf NumberOf(bool isTime) => isTime ? WholeOf.Time : WholeOf.Number;
}
