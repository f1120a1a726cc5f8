using Microsoft.Data.Sqlite;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded;

/// <summary>Says of a failure of SQLite for people what is wrong.</summary>
internal static class Failures
{
    public static StorageException Explain(SqliteException failure, string path) => new($"{path}: {Reason(failure)}", failure);

    /// <summary>True where the next call may succeed although nobody did anything about it.</summary>
    public static bool IsBusy(SqliteException failure) => failure.SqliteErrorCode is 5 or 6;

    // Source: sqlite.org, "Result and Error Codes".
    private static string Reason(SqliteException failure) => failure.SqliteErrorCode switch
    {
        5 or 6 => "another program keeps the database locked",
        8 => "the database may not be written to",
        10 => $"the disk failed to read or write (SQLite's error {failure.SqliteExtendedErrorCode})",
        11 or 26 => "the database is damaged: restore a backup",
        13 => "the disk is full",
        14 => "the file cannot be opened: does the folder exist, and may this user write there?",
        _ => failure.Message,
    };
}
