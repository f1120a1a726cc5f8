namespace Yagura.Matching.Criteria.Sql;

/// <summary>What databases spell differently. All arguments and results are expressions of SQL.</summary>
public abstract class SqlDialect
{
    /// <summary>SQLite 3.45 or later; the column holds JSON as text.</summary>
    public static SqlDialect Sqlite { get; } = new SqliteDialect();

    /// <summary>PostgreSQL 14 or later, with an encoding of UTF-8; the column is <c>jsonb</c>.</summary>
    public static SqlDialect Postgres { get; } = new PostgresDialect();

    private protected SqlDialect()
    {
    }

    /// <summary>A query of the values at a path: one column, <c>seen</c>.</summary>
    /// <param name="json">The column.</param>
    /// <param name="path">A text: the path with a dot at its end.</param>
    /// <param name="seen">What is wanted of each: made of <c>type</c> and <c>value</c> by what follows here.</param>
    internal abstract string ValuesAt(string json, string path, string seen);

    internal abstract string IsText { get; }

    internal abstract string IsNumber { get; }

    internal abstract string IsFlag { get; }

    /// <summary>A flag as <c>true</c> or <c>false</c>.</summary>
    internal abstract string FlagText { get; }

    /// <summary>The number without its fraction, cut to 64 bits.</summary>
    internal abstract string WholeNumber { get; }

    /// <summary>The number of seconds as milliseconds.</summary>
    internal abstract string SecondsAsMilliseconds { get; }

    /// <summary>The text, which is a time, as milliseconds; null where it is no time.</summary>
    internal abstract string TimeAsMilliseconds { get; }

    /// <summary>A text of digits as a whole number, cut to 64 bits; null for other texts.</summary>
    internal abstract string DigitsAsWhole(string text);

    /// <summary>A column of numbers without their fractions.</summary>
    internal abstract string WithoutFraction(string column);

    /// <summary>A whole number as text.</summary>
    internal abstract string AsText(string whole);

    /// <summary>A text is one of several.</summary>
    /// <param name="texts">A text that is a JSON list of texts: so a statement's text does not depend on their number.</param>
    internal abstract string IsOneOf(string text, string texts);

    /// <summary>A text fits one of several patterns, made by <see cref="Pattern"/>.</summary>
    /// <inheritdoc cref="IsOneOf"/>
    internal abstract string FitsOneOf(string text, string texts);

    /// <summary>A pattern in which <c>*</c> is any run of characters and <c>?</c> exactly one, as the database spells it.</summary>
    internal abstract string Pattern(string pattern);
}
