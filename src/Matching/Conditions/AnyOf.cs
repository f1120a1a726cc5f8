namespace Yagura.Matching.Conditions;

/// <summary>A value that passes one of the tests: what alternatives on one field become.</summary>
internal sealed record AnyOf(IReadOnlyList<Test> Tests) : Test;
