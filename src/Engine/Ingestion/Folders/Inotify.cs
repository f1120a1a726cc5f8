using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Yagura.Engine.Ingestion.Folders;

/// <summary>Linux's own notices of a folder and all below it. The library's watcher leaves out the one that counts here: that a file was closed by its writer.</summary>
/// <remarks>Source: the manual page inotify(7).</remarks>
internal sealed class Inotify : IDisposable
{
    private const uint MovedFrom = 0x40, MovedTo = 0x80, Create = 0x100, CloseWrite = 0x8, Overflow = 0x4000, Ignored = 0x8000;
    private const uint OnlyFolders = 0x0100_0000, DoNotFollow = 0x0200_0000, IsFolder = 0x4000_0000;
    private const int CloseOnExec = 0x80000, HeaderBytes = 16;

    private readonly FolderEvents _events;
    private readonly SafeFileHandle _queue;
    private readonly Dictionary<int, string> _folders = [];
    private readonly Thread _reading;
    private readonly int _root;
    private volatile bool _stopping;

    public Inotify(string folder, FolderEvents events)
    {
        _events = events;
        _queue = inotify_init1(CloseOnExec);
        if (_queue.IsInvalid) throw new IOException(LastError());
        _root = Add(folder);
        if (_root < 0)
        {
            _queue.Dispose();
            throw new IOException(LastError());
        }
        AddBelow(folder, tell: false);
        _reading = new Thread(ReadAll) { IsBackground = true, Name = $"inotify {folder}" };
        _reading.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        _ = inotify_rm_watch(_queue, _root); // the reading thread is told of it, and wakes up
        _reading.Join();
        _queue.Dispose();
    }

    private int Add(string folder)
    {
        var watch = inotify_add_watch(_queue, folder, CloseWrite | MovedTo | MovedFrom | Create | OnlyFolders | DoNotFollow);
        if (watch >= 0) _folders[watch] = folder;
        return watch;
    }

    /// <param name="tell">Whether the files that are there are told: in a folder that was just made or moved here, they came before it was watched.</param>
    private void AddBelow(string folder, bool tell)
    {
        foreach (var entry in FolderWalk.Entries(folder, _events.Lost))
        {
            if (entry is DirectoryInfo)
            {
                if (Add(entry.FullName) >= 0 || !Directory.Exists(entry.FullName)) continue;
                _events.Lost($"{entry.FullName} cannot be watched and is only listed from time to time: {LastError()}");
                return;
            }
            if (tell) _events.Seen(entry.FullName, false);
        }
    }

    private void ReadAll()
    {
        var buffer = new byte[64 << 10];
        while (!_stopping)
        {
            var length = (int)read(_queue, buffer, buffer.Length);
            if (length < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted) continue;
                _events.Lost(LastError());
                return;
            }
            for (var at = 0; at + HeaderBytes <= length && !_stopping;)
            {
                var named = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at + 12));
                var name = Encoding.UTF8.GetString(buffer.AsSpan(at + HeaderBytes, named).TrimEnd((byte)0));
                Handle(BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at)), BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 4)), name);
                at += HeaderBytes + named;
            }
        }
    }

    private void Handle(int watch, uint what, string name)
    {
        if ((what & Overflow) != 0) _events.Lost(null);
        else if ((what & Ignored) != 0) _folders.Remove(watch);
        else if (_folders.TryGetValue(watch, out var folder))
        {
            var path = Path.Combine(folder, name);
            if ((what & IsFolder) == 0)
            {
                if ((what & MovedFrom) == 0) _events.Seen(path, (what & (CloseWrite | MovedTo)) != 0);
            }
            else if ((what & MovedFrom) != 0) RemoveBelow(path);
            else if (!FolderWalk.IsLeftOut(name) && Add(path) >= 0) AddBelow(path, tell: true);
        }
    }

    // A folder that moved away would go on telling its old path.
    private void RemoveBelow(string path)
    {
        foreach (var (watch, folder) in _folders.Where(watched => watched.Value == path || watched.Value.StartsWith(path + '/', StringComparison.Ordinal)).ToList())
        {
            _folders.Remove(watch);
            _ = inotify_rm_watch(_queue, watch);
        }
    }

    private const int Interrupted = 4;

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [DllImport("libc", SetLastError = true)]
    private static extern SafeFileHandle inotify_init1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int inotify_add_watch(SafeFileHandle queue, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mask);

    [DllImport("libc", SetLastError = true)]
    private static extern int inotify_rm_watch(SafeFileHandle queue, int watch);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle queue, byte[] buffer, nint count);
}
