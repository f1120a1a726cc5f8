using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Migrations;

namespace Yagura.Storage.Embedded;

/// <summary>Copies of a database in folders of their own, each with a <c>manifest.json</c> that names the files with their sizes and hashes.</summary>
public static class Backup
{
    public const string ManifestName = "manifest.json";

    private const int Format = 1, LargestManifest = 1 << 20;

    /// <summary>Writes a backup while the database is in use: what was committed before is in it, and nothing by half.</summary>
    /// <param name="folder">Is made; must be empty where it is there.</param>
    /// <exception cref="StorageException">It cannot be written, or the copy is damaged.</exception>
    public static Task Create(Database database, string folder, TimeProvider time, CancellationToken cancel = default) => Guarded(folder, async () =>
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any()) throw new StorageException($"{folder}: is not empty");
        var copy = Path.Combine(folder, Database.FileName);
        database.Read(session =>
        {
            using var target = new Session(copy, readOnly: false);
            session.Connection.BackupDatabase(target.Connection);
            target.Run("PRAGMA journal_mode = DELETE"); // one file, with no log beside it
            return true;
        });
        var schema = Check(copy);
        await WriteManifest(folder, copy, schema, time, cancel);
    });

    /// <summary>Puts a backup into a data directory that has no database.</summary>
    /// <exception cref="StorageException">The backup is damaged or of a newer version, or there is a database already; the data directory is as it was.</exception>
    public static Task Restore(string backup, string folder, CancellationToken cancel = default) => Guarded(backup, async () =>
    {
        var source = Path.Combine(backup, Database.FileName);
        await Verify(backup, source, cancel);
        Directory.CreateDirectory(folder);
        var target = Path.Combine(folder, Database.FileName);
        if (File.Exists(target) || File.Exists(target + "-wal")) throw new StorageException($"{target}: is there already; move it away first");
        var unfinished = target + ".restoring";
        await using (var from = File.OpenRead(source))
        await using (var to = File.Create(unfinished))
        {
            await from.CopyToAsync(to, cancel);
            to.Flush(flushToDisk: true);
        }
        try
        {
            if (Check(unfinished) > Schema.Scripts.Count) throw new StorageException($"{backup}: was written by a newer version of Yagura");
            File.Move(unfinished, target);
        }
        finally
        {
            File.Delete(unfinished);
        }
    });

    private static async Task WriteManifest(string folder, string copy, int schema, TimeProvider time, CancellationToken cancel)
    {
        var (size, hash) = await Measure(copy, cancel);
        var unfinished = Path.Combine(folder, ManifestName + ".writing");
        await using (var file = File.Create(unfinished))
        {
            await using (var json = new Utf8JsonWriter(file, new() { Indented = true }))
            {
                json.WriteStartObject();
                json.WriteNumber("format", Format);
                json.WriteString("created", FindingJson.Iso(time.GetUtcNow()));
                json.WriteNumber("schema", schema);
                json.WriteStartObject("files");
                json.WriteStartObject(Database.FileName);
                json.WriteNumber("size", size);
                json.WriteString("sha256", hash);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, Path.Combine(folder, ManifestName)); // a backup without a manifest is not finished
    }

    private static async Task Verify(string folder, string file, CancellationToken cancel)
    {
        var path = Path.Combine(folder, ManifestName);
        if (new FileInfo(path).Length > LargestManifest) throw new StorageException($"{path}: is too large for a manifest");
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancel));
        var root = manifest.RootElement;
        if (root.GetProperty("format").GetInt32() != Format) throw new StorageException($"{path}: is of another format");
        var noted = root.GetProperty("files").GetProperty(Database.FileName);
        if (await Measure(file, cancel) != (noted.GetProperty("size").GetInt64(), noted.GetProperty("sha256").GetString()!)) throw new StorageException($"{file}: is not the file that was backed up");
    }

    private static async Task<(long Size, string Hash)> Measure(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true); // what SQLite wrote is on disk before the manifest says so
        return (file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)));
    }

    /// <returns>The version of the tables.</returns>
    private static int Check(string path)
    {
        using var session = new Session(path, readOnly: true);
        using (var rows = session.Query("PRAGMA integrity_check(1)"))
        {
            if (!rows.Read() || rows.Text(0) != "ok") throw new StorageException($"{path}: is damaged: {rows.Text(0)}");
        }
        return Schema.Version(session);
    }

    private static async Task Guarded(string place, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (SqliteException failure)
        {
            throw Failures.Explain(failure, place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(e.Message, e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StorageException($"{Path.Combine(place, ManifestName)}: is no manifest of a backup", e);
        }
    }
}
