using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Yagura.Storage.Embedded;

/// <summary>One connection with the statements that were made on it, kept prepared by their text. Of one thread at a time.</summary>
/// <remarks>Statements go to SQLite without the classes of ADO.NET, which cost more than SQLite itself where a finding is a dozen small statements.</remarks>
internal sealed class Session : IDisposable
{
    private readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public Session(string path, bool readOnly)
    {
        Connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false, // sessions are kept by who opens them
        }.ConnectionString);
        try
        {
            Connection.Open();
            raw.sqlite3_busy_timeout(Connection.Handle!, (int)Database.Patience.TotalMilliseconds);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>Whether a transaction is open: SQLite ends one by itself where the disk is full.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    /// <param name="parameters">Of a statement always the same names in the same order.</param>
    /// <returns>How many rows were changed.</returns>
    /// <exception cref="SqliteException">SQLite refuses; so of all that follows.</exception>
    public int Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        using var statement = Query(sql, parameters);
        while (statement.Read())
        {
            // a pragma may answer
        }
        return raw.sqlite3_changes(Connection.Handle!);
    }

    /// <inheritdoc cref="Execute"/>
    /// <returns>To be disposed of before the statement is asked again.</returns>
    public Statement Query(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var statement)) _prepared[sql] = statement = new(Connection.Handle!, sql);
        statement.Bind(parameters);
        return statement;
    }

    /// <inheritdoc cref="Execute"/>
    /// <returns>The first value of the first row; null where there is none.</returns>
    public long? Number(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        using var rows = Query(sql, parameters);
        return rows.Read() && !rows.IsNull(0) ? rows.Long(0) : null;
    }

    /// <inheritdoc cref="Number"/>
    public byte[]? Bytes(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        using var rows = Query(sql, parameters);
        return rows.Read() && !rows.IsNull(0) ? rows.Bytes(0).ToArray() : null;
    }

    /// <summary>Runs statements without parameters, one after the other, that are not needed again.</summary>
    public void Run(string script)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values) statement.Finish();
        Connection.Dispose();
    }
}
