namespace Yagura.Matching.Criteria.Sql;

/// <summary>A column that holds the one value which findings have at a path, or null where they have none.</summary>
/// <param name="Expression">The column's name, or any expression of SQL; becomes part of the statement as it is.</param>
public sealed record SqlColumn(string Expression, SqlColumnType Type);

/// <summary>What a column holds.</summary>
public enum SqlColumnType
{
    /// <summary>A text, character by character.</summary>
    Text,
    /// <summary>A number with at most 15 digits, such as a severity.</summary>
    Number,
    /// <summary>A time as whole milliseconds since 1970.</summary>
    Milliseconds,
    /// <summary>True or false; 1 and 0 in SQLite.</summary>
    Flag,
}
