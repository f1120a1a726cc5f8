using System.Text;

namespace Yagura.Matching.Criteria.Sql;

internal sealed class PostgresDialect : SqlDialect
{
    private const string Number = "value::numeric";

    // Two digits each of a year that is one, a month, a day, hours, minutes, seconds; a fraction; a zone.
    private const string Time = @"^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$";

    // A key that holds dots is the same as several keys: hence no path of PostgreSQL's own.
    internal override string ValuesAt(string json, string path, string seen) => $$"""
        WITH RECURSIVE node(rest, value) AS (
          SELECT {{path}}::text, {{json}}
          UNION ALL
          SELECT CASE WHEN child.key IS NULL THEN node.rest ELSE substr(node.rest, length(child.key) + 2) END, child.value
          FROM node CROSS JOIN LATERAL (
            SELECT NULL::text AS key, item.value FROM jsonb_array_elements(CASE jsonb_typeof(node.value) WHEN 'array' THEN node.value ELSE '[]' END) AS item(value)
            UNION ALL
            SELECT member.key, member.value FROM jsonb_each(CASE jsonb_typeof(node.value) WHEN 'object' THEN node.value ELSE '{}' END) AS member(key, value)
            WHERE starts_with(node.rest, member.key || '.')
          ) AS child
        )
        SELECT {{seen}} AS seen FROM (SELECT jsonb_typeof(value) AS type, value #>> '{}' AS value FROM node WHERE rest = '') AS leaf
        """;

    internal override string IsText => "type = 'string'";

    internal override string IsNumber => "type = 'number'";

    internal override string IsFlag => "type = 'boolean'";

    internal override string FlagText => "value";

    // A number with a fraction is read as a double, as everywhere; what a double cannot hold is put aside before, since the cast would fail.
    internal override string WholeNumber =>
        $"CASE WHEN abs({Number}) < 0.5 THEN 0 WHEN scale({Number}) > 0 AND abs({Number}) < 9e18 THEN trunc({Number}::float8)::bigint ELSE {Cut($"trunc({Number})")} END";

    internal override string SecondsAsMilliseconds =>
        $"CASE WHEN abs({Number}) < 0.0004 THEN 0 WHEN abs({Number}) < 9e15 THEN trunc({Number}::float8 * 1000 + 0.5 * sign({Number}::float8))::bigint ELSE {Cut($"trunc({Number} * 1000)")} END";

    internal override string TimeAsMilliseconds => $"""
        CASE WHEN value ~ '{Time}' THEN
          CASE WHEN substr(value, 9, 2)::int <= extract(day FROM make_date(substr(value, 1, 4)::int, substr(value, 6, 2)::int, 1) + interval '1 month - 1 day') THEN
            extract(epoch FROM (substr(value, 1, 19) || 'Z')::timestamptz)::bigint * 1000 + COALESCE(rpad(substr(substring(value FROM '\.\d+'), 2, 3), 3, '0')::int, 0)
            - CASE WHEN value ~ '[+-]..:..$'
                THEN (CASE substr(right(value, 6), 1, 1) WHEN '-' THEN -60000 ELSE 60000 END) * (substr(right(value, 6), 2, 2)::int * 60 + right(value, 2)::int)
                ELSE 0 END
          END
        END
        """;

    internal override string DigitsAsWhole(string text) =>
        $"CASE WHEN {text} ~ '^-?[0-9]+$' THEN CASE WHEN length(ltrim({text}, '-0')) > 19 THEN {Cut($"(CASE WHEN {text} ~ '^-' THEN -1e30 ELSE 1e30 END)")} ELSE {Cut($"{text}::numeric")} END END";

    internal override string WithoutFraction(string column) => $"trunc(({column})::numeric)::bigint";

    internal override string AsText(string whole) => $"({whole})::text";

    internal override string IsOneOf(string text, string texts) => $"{text} = ANY ({ListOf(texts)})";

    internal override string FitsOneOf(string text, string texts) => $"{text} LIKE ANY ({ListOf(texts)})";

    internal override string Pattern(string pattern) =>
        new StringBuilder(pattern).Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_").Replace('*', '%').Replace('?', '_').ToString();

    private static string ListOf(string texts) => $"ARRAY(SELECT jsonb_array_elements_text({texts}::jsonb))";

    private static string Cut(string numeric) => $"GREATEST({long.MinValue}, LEAST({long.MaxValue}, {numeric}))::bigint";
}
