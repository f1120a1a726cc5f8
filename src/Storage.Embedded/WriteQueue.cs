using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded;

/// <summary>Puts writes one behind the other; those that wait together are one transaction, so that they share the time that the disk takes.</summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private const int MostWaiting = 1024, MostTogether = 64;

    private readonly Channel<Work> _waiting = Channel.CreateBounded<Work>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Session _session;
    private readonly string _path;
    private readonly Task _loop;

    public WriteQueue(Session session, string path)
    {
        (_session, _path) = (session, path);
        _loop = Task.Run(Loop);
    }

    /// <summary>Runs what writes, alone. Ends when its changes are on disk; where it throws, it has changed nothing.</summary>
    /// <param name="committed">Runs then, before any later write, with what <paramref name="work"/> returned. Must not throw.</param>
    /// <param name="failed">Runs instead where <paramref name="work"/> had begun and its changes are undone. Must not throw.</param>
    /// <param name="isAlone">True for what must see the effects of all writes before it, those of their <paramref name="committed"/> too.</param>
    /// <param name="cancel">Ends the wait; what has begun is not interrupted.</param>
    /// <exception cref="StorageException">The database could not be written.</exception>
    public async Task<T> Add<T>(Func<Session, T> work, Action<T>? committed, Action? failed, bool isAlone, CancellationToken cancel)
    {
        var item = new Work<T>(work, committed, failed, cancel) { IsAlone = isAlone };
        try
        {
            await _waiting.Writer.WriteAsync(item, cancel);
        }
        catch (ChannelClosedException closed)
        {
            throw new StorageException($"{_path}: is closed", closed);
        }
        return await item.Result;
    }

    private async Task Loop()
    {
        var group = new List<Work>(MostTogether);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MostTogether && _waiting.Reader.TryPeek(out var work) && !(work.IsAlone && group.Count > 0))
            {
                _waiting.Reader.TryRead(out _);
                if (!work.IsCancelled) group.Add(work);
                if (work.IsAlone) break;
            }
            if (group.Count > 0) RunTogether(group);
        }
    }

    private void RunTogether(List<Work> group)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var work in group) RunOne(work);
            _session.Execute("COMMIT");
        }
        catch (Exception e)
        {
            Rollback();
            foreach (var work in group) work.Fail(e is SqliteException failure ? Failures.Explain(failure, _path) : e);
            return;
        }
        foreach (var work in group) work.Succeed();
    }

    /// <summary>Undoes a work that throws, alone; throws itself where SQLite has undone the whole transaction, as it does when the disk is full.</summary>
    private void RunOne(Work work)
    {
        _session.Execute("SAVEPOINT work");
        try
        {
            work.Run(_session);
        }
        catch (Exception e)
        {
            _session.Execute("ROLLBACK TO work");
            work.Fail(e is SqliteException failure ? Failures.Explain(failure, _path) : e);
        }
        _session.Execute("RELEASE work");
    }

    private void Rollback()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, and says so by refusing.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _loop;
        _session.Dispose();
    }

    private abstract class Work(CancellationToken cancel)
    {
        public abstract bool IsCancelled { get; }

        public bool IsAlone { get; init; }

        protected CancellationToken Cancel { get; } = cancel;

        public abstract void Run(Session session);

        public abstract void Succeed();

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(Func<Session, T> work, Action<T>? committed, Action? failed, CancellationToken cancel) : Work(cancel)
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _hasBegun;
        private T _value = default!;

        public Task<T> Result => _result.Task;

        public override bool IsCancelled => Cancel.IsCancellationRequested && _result.TrySetCanceled(Cancel);

        public override void Run(Session session)
        {
            _hasBegun = true;
            _value = work(session);
        }

        public override void Succeed()
        {
            if (_result.Task.IsCompleted) return; // it had failed alone
            committed?.Invoke(_value);
            _result.TrySetResult(_value);
        }

        public override void Fail(Exception exception)
        {
            if (_hasBegun && !_result.Task.IsCompleted) failed?.Invoke();
            _result.TrySetException(exception);
        }
    }
}
