using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Yagura.Matching.Criteria.Sql;

/// <summary>Criteria as SQL, for stores that hold a finding's JSON in a column: the same findings fulfil it as fulfil the criteria in a <see cref="Matcher{TRule}"/>.</summary>
/// <remarks>What the criteria say goes in as parameters: criteria with the same paths and operators have the same text, which a store may keep prepared. The
/// JSON is an object as the store wrote it: it has U+FFFD in place of U+0000, at which SQLite's patterns end and which PostgreSQL refuses, and no
/// halves of surrogate pairs. PostgreSQL's compilation of queries (<c>jit</c>) takes far longer than what it could save here.</remarks>
public static class CriteriaSql
{
    /// <param name="json">The column that holds the JSON, or any expression of SQL; becomes part of the text as it is.</param>
    /// <param name="columns">By path, as criteria spell it: what need not be looked for in the JSON.</param>
    public static SqlCondition Render(FindingCriteria criteria, SqlDialect dialect, string json, IReadOnlyDictionary<string, SqlColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        var rendering = new Rendering(dialect, json, columns);
        var parts = from condition in criteria.Conditions from test in condition.Tests select rendering.Render(condition.Path, test);
        return new(string.Join("\nAND ", parts), rendering.Parameters);
    }

    /// <summary>What SQL says of one value: its text, and its whole number; each null where it has none.</summary>
    private readonly record struct Value(string Text, string Whole);

    private sealed class Rendering(SqlDialect dialect, string json, IReadOnlyDictionary<string, SqlColumn> columns)
    {
        public List<KeyValuePair<string, object>> Parameters { get; } = [];

        public string Render(string path, FindingTest test)
        {
            var isColumn = columns.TryGetValue(path, out var column);
            var value = isColumn ? Of(column!) : FindingPaths.IsTime(path) ? Time : Plain;
            var seen = test.Values.Count > 0 ? value.Text : value.Whole;
            if (isColumn) return test.IsNegated ? $"({Accepts(seen, test)}) IS NOT TRUE" : $"({Accepts(seen, test)})";
            var values = dialect.ValuesAt(json, Parameter(FindingPaths.FieldOf(path) + "."), seen);
            return $"{(test.IsNegated ? "NOT " : "")}EXISTS (SELECT 1 FROM (\n{values}\n) AS leaves WHERE {Accepts("seen", test)})";
        }

        private Value Plain => new(
            $"CASE WHEN {dialect.IsText} THEN value WHEN {dialect.IsFlag} THEN {dialect.FlagText} WHEN {dialect.IsNumber} THEN {dialect.AsText(dialect.WholeNumber)} END",
            $"CASE WHEN {dialect.IsNumber} THEN {dialect.WholeNumber} WHEN {dialect.IsText} THEN {dialect.DigitsAsWhole("value")} END");

        private Value Time
        {
            get
            {
                var time = $"CASE WHEN {dialect.IsNumber} THEN {dialect.SecondsAsMilliseconds} WHEN {dialect.IsText} THEN {dialect.TimeAsMilliseconds} END";
                return new($"CASE WHEN {dialect.IsFlag} THEN {dialect.FlagText} ELSE {dialect.AsText(time)} END", time);
            }
        }

        private Value Of(SqlColumn column) => column.Type switch
        {
            SqlColumnType.Text => new(column.Expression, dialect.DigitsAsWhole(column.Expression)),
            SqlColumnType.Number => new(dialect.AsText(dialect.WithoutFraction(column.Expression)), dialect.WithoutFraction(column.Expression)),
            SqlColumnType.Milliseconds => new(dialect.AsText(column.Expression), column.Expression),
            SqlColumnType.Flag => new($"CASE WHEN {column.Expression} THEN 'true' WHEN NOT {column.Expression} THEN 'false' END", "NULL"),
        };

        private string Accepts(string seen, FindingTest test) => test.Operator switch
        {
            FindingOperator.Equals or FindingOperator.NotEquals => dialect.IsOneOf(seen, Parameter(ListOf(test.Values))),
            FindingOperator.Matches or FindingOperator.NotMatches => dialect.FitsOneOf(seen, Parameter(ListOf(test.Values.SelectMany(PatternsOf)))),
            FindingOperator.GreaterThan => $"{seen} > {Parameter(test.Number)}",
            FindingOperator.GreaterThanOrEqual => $"{seen} >= {Parameter(test.Number)}",
            FindingOperator.LessThan => $"{seen} < {Parameter(test.Number)}",
            FindingOperator.LessThanOrEqual => $"{seen} <= {Parameter(test.Number)}",
        };

        private IEnumerable<string> PatternsOf(string pattern) => new FindingPattern(pattern).WithExactlyOne().Select(dialect.Pattern);

        private static string ListOf(IEnumerable<string> texts)
        {
            var bytes = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes))
            {
                json.WriteStartArray();
                foreach (var text in texts) json.WriteStringValue(text.Replace('\0', '\uFFFD'));
                json.WriteEndArray();
            }
            return Encoding.UTF8.GetString(bytes.WrittenSpan);
        }

        private string Parameter(object value)
        {
            var name = $"@c{Parameters.Count + 1}";
            Parameters.Add(new(name, value));
            return name;
        }
    }
}
