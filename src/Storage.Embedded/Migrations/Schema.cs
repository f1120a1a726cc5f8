using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Migrations;

/// <summary>Brings a database up to the tables that this version works with. The number of the last migration is SQLite's <c>user_version</c>.</summary>
internal static class Schema
{
    /// <summary>The scripts beside this file, in their order.</summary>
    public static IReadOnlyList<string> Scripts { get; } = [.. Enumerable.Range(1, 5).Select(Read)];

    /// <exception cref="StorageException">A newer version of the program wrote the database.</exception>
    public static void Migrate(Session session, string path, int to)
    {
        if (Version(session) == to) return;
        session.Execute("BEGIN IMMEDIATE"); // two programs may start at once
        var version = Version(session);
        if (version > to)
        {
            session.Execute("ROLLBACK");
            throw new StorageException($"{path}: was written by a newer version of Yagura (its tables have version {version}, this program knows {to})");
        }
        for (; version < to; version++) session.Run(Scripts[version]);
        session.Run($"PRAGMA user_version = {to}");
        session.Execute("COMMIT");
    }

    public static int Version(Session session) => (int)session.Number("PRAGMA user_version")!.Value;

    private static string Read(int number)
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream($"{number:0000}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
