using Yagura.Matching.Conditions;

namespace Yagura.Matching.Automaton;

/// <summary>Brings a condition into the shape that the index wants, without changing what it means.</summary>
internal static class Simplifier
{
    /// <summary>Conditions within conditions.</summary>
    private const int MostLevels = 256;

    /// <summary>The ways to fulfil a condition, each to be found on its own; any of them is enough.</summary>
    /// <exception cref="ArgumentException">The condition is none, or nested too deep.</exception>
    public static IEnumerable<Condition> Ways(Condition condition) => Split(Simplify(condition, 0));

    private static IEnumerable<Condition> Split(Condition condition) => condition switch
    {
        Any any => any.Parts.SelectMany(Split),
        Consistent { Part: Any any } => any.Parts.SelectMany(part => Split(Simplify(new Consistent(part), 0))),
        _ => [condition],
    };

    private static Condition Simplify(Condition condition, int level)
    {
        if (level > MostLevels) throw new ArgumentException($"the condition is nested more than {MostLevels} levels deep", nameof(condition));
        switch (condition)
        {
            case All all:
                var parts = all.Parts.Select(part => Simplify(part, level + 1)).SelectMany(part => part is All { Parts: var inner } ? inner : [part]).ToList();
                return parts.Count == 1 ? parts[0] : new All(parts);
            case Any any:
                var ways = OneFieldEach(any.Parts.Select(part => Simplify(part, level + 1)).SelectMany(part => part is Any { Parts: var inner } ? inner : [part]));
                return ways.Count == 1 ? ways[0] : new Any(ways);
            case Not not: return new Not(Simplify(not.Part, level + 1));
            case Consistent consistent:
                var inside = Simplify(consistent.Part, level + 1);
                return inside is Field { Test: not Test.SameAs } or Not(Field { Test: not Test.SameAs }) or Consistent ? inside : new Consistent(inside);
            case Field: return condition;
            case Below below: return new Field(Node.PathWithin(below.Path), below.Test);
            default: throw new ArgumentException($"unknown condition {condition?.GetType().Name ?? "null"}", nameof(condition));
        }
    }

    /// <summary>Alternatives on one field become one test of its values.</summary>
    private static List<Condition> OneFieldEach(IEnumerable<Condition> ways)
    {
        var merged = new List<Condition>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var way in ways)
        {
            if (way is not Field { Test: not Test.SameAs } field) merged.Add(way);
            else if (!places.TryGetValue(field.Path ?? Node.Everywhere, out var place))
            {
                places.Add(field.Path ?? Node.Everywhere, merged.Count);
                merged.Add(field);
            }
            else
            {
                var before = (Field)merged[place];
                if (before.Test is not MergedTests merging) merged[place] = before with { Test = merging = new MergedTests(TestsOf(before.Test)) };
                merging.Tests.AddRange(TestsOf(field.Test));
            }
        }
        for (var i = 0; i < merged.Count; i++)
        {
            if (merged[i] is Field { Test: MergedTests tests } field) merged[i] = field with { Test = new AnyOf(tests.Tests) };
        }
        return merged;
    }

    private static List<Test> TestsOf(Test test) => test is AnyOf any ? [.. any.Tests] : [test];

    /// <summary>Tests that are still being gathered.</summary>
    private sealed record MergedTests(List<Test> Tests) : Test;
}
