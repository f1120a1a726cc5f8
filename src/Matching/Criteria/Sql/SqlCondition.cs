namespace Yagura.Matching.Criteria.Sql;

/// <summary>A condition for a WHERE clause.</summary>
/// <param name="Text">True for the rows that are meant; false or null for the others. Names its parameters <c>@c1</c>, <c>@c2</c> and so on.</param>
/// <param name="Parameters">Each a <see cref="string"/> or a <see cref="long"/>.</param>
public sealed record SqlCondition(string Text, IReadOnlyList<KeyValuePair<string, object>> Parameters);
