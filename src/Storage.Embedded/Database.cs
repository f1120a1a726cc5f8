using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Migrations;

namespace Yagura.Storage.Embedded;

/// <summary>A data directory's SQLite file: one connection that writes, and some that read beside it.</summary>
/// <remarks>A write is on disk when its task ends (write-ahead log, synchronous). Other programs may read and write documents meanwhile; findings have one server
/// at a time.</remarks>
public sealed class Database : IAsyncDisposable
{
    public const string FileName = "yagura.db";

    /// <summary>How long a lock of another program is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<Session> _readers = [];
    private readonly WriteQueue _writes;
    private readonly string _path;

    private Database(string path, Session writer)
    {
        _path = path;
        _writes = new(writer, path);
    }

    public string Path => _path;

    /// <summary>Opens a data directory and brings its tables up to date; one that is empty gets them.</summary>
    /// <param name="folder">Is made where it is not there.</param>
    /// <param name="largest">Most bytes that the file may take; null for as many as the disk has.</param>
    /// <exception cref="StorageException">It cannot be opened, is damaged, or was written by a newer version of the program.</exception>
    public static Database Open(string folder, long? largest = null)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        Session? writer = null;
        try
        {
            SQLitePCL.Batteries_V2.Init(); // named here, so that the published program has it
            Directory.CreateDirectory(folder);
            writer = new(path, readOnly: false);
            writer.Execute("PRAGMA journal_mode = WAL");
            writer.Execute("PRAGMA synchronous = FULL");
            writer.Execute("PRAGMA wal_autocheckpoint = 8192"); // pages: 32 MB, so that the file is written in long runs
            writer.Execute("PRAGMA journal_size_limit = 67108864");
            writer.Execute("PRAGMA cache_size = -65536"); // kB
            writer.Execute("PRAGMA temp_store = MEMORY");
            Schema.Migrate(writer, path, Schema.Scripts.Count);
            if (largest is { } bytes) writer.Execute($"PRAGMA max_page_count = {bytes / writer.Value<long>("PRAGMA page_size")}");
            return new(path, writer);
        }
        catch (Exception e)
        {
            writer?.Dispose();
            throw e switch
            {
                SqliteException failure => Failures.Explain(failure, path),
                IOException or UnauthorizedAccessException => new StorageException($"{folder}: {e.Message}", e),
                _ => e,
            };
        }
    }

    /// <inheritdoc cref="WriteQueue.Add"/>
    internal Task<T> Write<T>(Func<Session, T> work, Action<T>? committed = null, Action? failed = null, bool isAlone = false, CancellationToken cancel = default) =>
        _writes.Add(work, committed, failed, isAlone, cancel);

    /// <summary>Reads beside the writer; each statement sees what was committed before it.</summary>
    internal T Read<T>(Func<Session, T> work)
    {
        Session? reader = null;
        try
        {
            if (!_readers.TryTake(out reader)) reader = new(_path, readOnly: true);
            var result = work(reader);
            _readers.Add(reader);
            return result;
        }
        catch (Exception e)
        {
            reader?.Dispose();
            if (e is SqliteException failure) throw Failures.Explain(failure, _path);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_readers.TryTake(out var reader)) reader.Dispose(); // first: the last one to close puts the log away, which a reader may not
        await _writes.DisposeAsync();
    }
}
