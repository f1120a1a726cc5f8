namespace Yagura.Matching.Conditions;

/// <summary>Which fields a condition reads.</summary>
public static class ConditionPaths
{
    /// <summary>Adds the paths of all fields of a condition.</summary>
    /// <returns>True where the condition also reads every value of the event (<see cref="Field.Path"/> is null).</returns>
    public static bool Collect(Condition condition, ICollection<string> paths)
    {
        switch (condition)
        {
            case All all: return CollectAll(all.Parts, paths);
            case Any any: return CollectAll(any.Parts, paths);
            case Not not: return Collect(not.Part, paths);
            case Consistent consistent: return Collect(consistent.Part, paths);
            case Below below:
                paths.Add(below.Path);
                Collect(below.Test, paths);
                return false;
            case Field field:
                if (field.Path is not null) paths.Add(field.Path);
                Collect(field.Test, paths);
                return field.Path is null;
            default: throw new ArgumentException($"unknown condition {condition.GetType().Name}", nameof(condition));
        }
    }

    private static bool CollectAll(IReadOnlyList<Condition> parts, ICollection<string> paths)
    {
        var everything = false;
        foreach (var part in parts) everything |= Collect(part, paths);
        return everything;
    }

    private static void Collect(Test test, ICollection<string> paths)
    {
        switch (test)
        {
            case Test.SameAs same: paths.Add(same.Path); break;
            case Test.NoneOf none: CollectAll(none.Tests, paths); break;
            case AnyOf any: CollectAll(any.Tests, paths); break;
        }
    }

    private static void CollectAll(IReadOnlyList<Test> tests, ICollection<string> paths)
    {
        foreach (var test in tests) Collect(test, paths);
    }
}
