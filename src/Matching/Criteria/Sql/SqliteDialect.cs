using System.Text;

namespace Yagura.Matching.Criteria.Sql;

internal sealed class SqliteDialect : SqlDialect
{
    // A key that holds dots is the same as several keys, and keys that stand twice all count: hence no path of SQLite's own.
    internal override string ValuesAt(string json, string path, string seen) => $"""
        WITH RECURSIVE node(rest, type, value) AS (
          SELECT {path}, 'object', {json}
          UNION ALL
          SELECT CASE node.type WHEN 'array' THEN node.rest ELSE substr(node.rest, length(child.key) + 2) END, child.type, child.value
          FROM node, json_each(CASE WHEN node.type IN ('object', 'array') THEN node.value ELSE '[]' END) AS child
          WHERE node.type = 'array' OR substr(node.rest, 1, length(child.key) + 1) = child.key || '.'
        )
        SELECT {seen} AS seen FROM node WHERE rest = ''
        """;

    internal override string IsText => "type = 'text'";

    internal override string IsNumber => "type IN ('integer', 'real')";

    internal override string IsFlag => "type IN ('true', 'false')";

    internal override string FlagText => "type";

    internal override string WholeNumber => "CAST(value AS INTEGER)";

    internal override string SecondsAsMilliseconds => "CAST(round(value * 1000.0) AS INTEGER)";

    // What strftime gives back as it was is a time; the hour 24 it would give back too. ltrim takes the fraction's digits off and leaves the zone.
    internal override string TimeAsMilliseconds => """
        (SELECT CASE WHEN offset IS NOT NULL AND second >= '0001' AND substr(second, 12, 2) < '24' AND strftime('%Y-%m-%dT%H:%M:%S', second) = second
            THEN CAST(strftime('%s', second) AS INTEGER) * 1000 + CAST(substr(substr(fraction, 2) || '000', 1, 3) AS INTEGER) - offset * 60000 END
          FROM (SELECT second, fraction, CASE
              WHEN zone IN ('', 'Z') THEN 0
              WHEN zone GLOB '[+-][0-1][0-9]:[0-5][0-9]' AND substr(zone, 2, 2) <= '14'
                THEN (CASE substr(zone, 1, 1) WHEN '-' THEN -1 ELSE 1 END) * (substr(zone, 2, 2) * 60 + substr(zone, 5, 2)) END AS offset
            FROM (SELECT second, zone, substr(tail, 1, length(tail) - length(zone)) AS fraction
              FROM (SELECT second, tail, CASE WHEN tail GLOB '.[0-9]*' THEN ltrim(substr(tail, 2), '0123456789') ELSE tail END AS zone
                FROM (SELECT substr(value, 1, 19) AS second, substr(value, 20) AS tail)))))
        """;

    internal override string DigitsAsWhole(string text) =>
        $"CASE WHEN ltrim({text}, '-') <> '' AND ltrim(CASE WHEN substr({text}, 1, 1) = '-' THEN substr({text}, 2) ELSE {text} END, '0123456789') = '' THEN CAST({text} AS INTEGER) END";

    internal override string WithoutFraction(string column) => $"CAST({column} AS INTEGER)";

    internal override string AsText(string whole) => $"CAST({whole} AS TEXT)";

    internal override string IsOneOf(string text, string texts) => $"{text} IN (SELECT value FROM json_each({texts}))";

    // The text is named outside of the query of the patterns, in which a column of the same name would be another.
    internal override string FitsOneOf(string text, string texts) => $"EXISTS (SELECT 1 FROM (SELECT {text} AS fitting) AS one, json_each({texts}) AS pattern WHERE one.fitting GLOB pattern.value)";

    internal override string Pattern(string pattern) => new StringBuilder(pattern).Replace("[", "[[]").ToString();
}
