using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Yagura.Storage.Embedded;

/// <summary>A prepared statement, and the row that it stands at. <see cref="Dispose"/> makes it ready to be asked again.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int[] _places = [];

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public void Bind(ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        if (_places.Length != parameters.Length)
        {
            _places = new int[parameters.Length];
            for (var i = 0; i < _places.Length; i++) _places[i] = raw.sqlite3_bind_parameter_index(_statement, parameters[i].Name);
        }
        for (var i = 0; i < _places.Length; i++) Check(parameters[i].Value.Bind(_statement, _places[i]));
    }

    /// <returns>False behind the last row.</returns>
    public bool Read()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW) return true;
        if (code is not raw.SQLITE_DONE) Check(code);
        return false;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int(int column) => raw.sqlite3_column_int(_statement, column);

    public double Double(int column) => raw.sqlite3_column_double(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>Of a blob or, in UTF-8, of a text; valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => raw.sqlite3_reset(_statement); // its code repeats what the last step said

    public void Finish() => _statement.Dispose();

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK) return;
        raw.sqlite3_reset(_statement);
        SqliteException.ThrowExceptionForRC(code, _database);
    }
}

/// <summary>A value for a parameter.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SqlValue
{
    private readonly object? _bytes; // string or byte[]
    private readonly long _number;
    private readonly double _fraction;
    private readonly Kind _kind;

    private SqlValue(Kind kind, object? bytes, long number = 0, double fraction = 0) => (_kind, _bytes, _number, _fraction) = (kind, bytes, number, fraction);

    private enum Kind : byte { Null, Number, Fraction, Text, Bytes }

    public static implicit operator SqlValue(long value) => new(Kind.Number, null, value);

    public static implicit operator SqlValue(long? value) => value is { } given ? given : default(SqlValue);

    public static implicit operator SqlValue(bool value) => new(Kind.Number, null, value ? 1 : 0);

    public static implicit operator SqlValue(bool? value) => value is { } given ? given : default;

    public static implicit operator SqlValue(double value) => new(Kind.Fraction, null, 0, value);

    public static implicit operator SqlValue(string? value) => value is null ? default : new(Kind.Text, value);

    public static implicit operator SqlValue(byte[] value) => new(Kind.Bytes, value);

    /// <returns>SQLite's code.</returns>
    public int Bind(sqlite3_stmt statement, int place) => _kind switch
    {
        Kind.Null => raw.sqlite3_bind_null(statement, place),
        Kind.Number => raw.sqlite3_bind_int64(statement, place, _number),
        Kind.Fraction => raw.sqlite3_bind_double(statement, place, _fraction),
        Kind.Text => BindText(statement, place, (string)_bytes!),
        Kind.Bytes => _bytes is byte[] { Length: > 0 } bytes ? raw.sqlite3_bind_blob(statement, place, bytes) : raw.sqlite3_bind_zeroblob(statement, place, 0), // not null
    };

    private static int BindText(sqlite3_stmt statement, int place, string text)
    {
        if (text.Length == 0) return raw.sqlite3_bind_text(statement, place, "");
        Span<byte> bytes = text.Length <= 256 ? stackalloc byte[768] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return raw.sqlite3_bind_text(statement, place, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}
