namespace Yagura.Engine.Ingestion.Folders;

/// <summary>What the operating system tells of files below a folder while it is watched.</summary>
/// <param name="Seen">A file was seen; true where its writer is done with it (closed it, or moved it there whole). Called from one thread at a time.</param>
/// <param name="Lost">Files may have gone by unseen, and the folder has to be listed; with the reason where that will last.</param>
internal sealed record FolderEvents(Action<string, bool> Seen, Action<string?> Lost)
{
    /// <summary>Watches until it is disposed. Where the system refuses, <see cref="Lost"/> says so and nothing is seen.</summary>
    public IDisposable Watch(string folder)
    {
        try
        {
            return OperatingSystem.IsLinux() ? new Inotify(folder, this) : new WatcherEvents(folder, this);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Lost($"{folder} cannot be watched and is only listed from time to time: {error.Message}");
            return new CancellationTokenSource(); // anything that can be disposed
        }
    }

    /// <summary>The library's watcher, for systems other than Linux. It does not tell when a file is closed: only a rename is known to be whole.</summary>
    private sealed class WatcherEvents : IDisposable
    {
        private readonly FileSystemWatcher _watcher;

        public WatcherEvents(string folder, FolderEvents events)
        {
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, InternalBufferSize = 64 << 10 };
            _watcher.Created += (_, change) => Made(change.FullPath);
            _watcher.Changed += (_, change) => events.Seen(change.FullPath, false);
            _watcher.Renamed += (_, change) => events.Seen(change.FullPath, true);
            _watcher.Error += (_, error) => events.Lost(error.GetException() is InternalBufferOverflowException ? null : error.GetException().Message);
            _watcher.EnableRaisingEvents = true;

            void Made(string path)
            {
                if (Directory.Exists(path)) events.Lost(null); // what was in it came before it was watched
                else events.Seen(path, false);
            }
        }

        public void Dispose() => _watcher.Dispose();
    }
}
