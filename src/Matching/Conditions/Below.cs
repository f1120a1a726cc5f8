namespace Yagura.Matching.Conditions;

/// <summary>Some value at the path, or anywhere within the object or list at the path, passes the test.</summary>
/// <remarks>An object as a whole has no value that could be tested, yet rules ask whether it is there or what it holds. An empty object or list holds no
/// value, so it counts as absent.</remarks>
/// <param name="Path">As that of a <see cref="Field"/>, never null.</param>
public sealed record Below(string Path, Test Test) : Condition;
