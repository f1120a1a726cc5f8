using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Engine.Ingestion.Push;

/// <summary>Objects that somebody hands over with their bytes, and waits until they are committed.</summary>
/// <param name="name">The source's name, such as <c>push</c> or <c>firehose</c>.</param>
public sealed class PushedObjects(string name, ISettledObjects settled, TimeProvider time) : ILogSource
{
    /// <summary>Most bytes of one object: 64 MiB.</summary>
    public const int LargestObject = 64 << 20;

    /// <summary>Most bytes of all objects that wait; who brings more waits before.</summary>
    public const int MostWaiting = 4 * LargestObject;

    private const int Unit = 1 << 20;

    private readonly Channel<ILogDelivery> _waiting = Channel.CreateBounded<ILogDelivery>(new BoundedChannelOptions(MostWaiting / Unit) { SingleReader = true });
    private readonly SemaphoreSlim _room = new(MostWaiting / Unit);
    private readonly SemaphoreSlim _entrance = new(1); // one at a time takes its room, so that nobody holds a part and waits for the rest
    private readonly SourceTally _tally = new(time);

    public string Name => name;

    public SourceStatus Status => _tally.Status();

    public IAsyncEnumerable<ILogDelivery> Deliveries(CancellationToken cancel = default) => _waiting.Reader.ReadAllAsync(cancel);

    /// <summary>Ends when the object is committed, or could not be read. An object of the same name and bytes that was committed before is not read again.</summary>
    /// <param name="named">What is behind the source's name in the ledger.</param>
    /// <param name="bytes">At most <see cref="LargestObject"/>; not to be changed meanwhile.</param>
    /// <param name="cancel">Ends the wait; the object may be read nevertheless.</param>
    /// <returns>Why it could not be read; null where it is committed.</returns>
    /// <exception cref="IOException">It cannot be told whether the object was committed before.</exception>
    public async Task<string?> Push(string named, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (bytes.Length > LargestObject) throw new ArgumentException($"an object that is pushed has at most {LargestObject} bytes", nameof(bytes));
        var version = XxHash128.HashToUInt128(bytes.Span).ToString("x32", CultureInfo.InvariantCulture);
        var reference = new LogObjectReference($"{name}:{named}", bytes.Length, version, time.GetUtcNow());
        if ((await settled.Unsettled([reference], cancel)).Count == 0) return null;

        var units = (bytes.Length / Unit) + 1;
        await Enter(units, cancel);
        var delivery = new PushedDelivery(reference, bytes, _tally, () => _room.Release(units));
        await _waiting.Writer.WriteAsync(delivery, CancellationToken.None); // there is a place for each unit
        return await delivery.Answer.WaitAsync(cancel);
    }

    private async Task Enter(int units, CancellationToken cancel)
    {
        await _entrance.WaitAsync(cancel);
        var taken = 0;
        try
        {
            for (; taken < units; taken++) await _room.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            if (taken > 0) _room.Release(taken);
            throw;
        }
        finally
        {
            _entrance.Release();
        }
    }

    private sealed class PushedDelivery : ILogDelivery
    {
        private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ReadOnlyMemory<byte> _bytes;
        private readonly SourceTally _tally;
        private readonly Action _done;

        public PushedDelivery(LogObjectReference reference, ReadOnlyMemory<byte> bytes, SourceTally tally, Action done)
        {
            (Object, _bytes, _tally, _done) = (reference, bytes, tally, done);
            tally.Arrived();
        }

        public LogObjectReference Object { get; }

        public Task<string?> Answer => _answer.Task;

        public Task<Stream> Open(CancellationToken cancel = default) => Task.FromResult<Stream>(MemoryMarshal.TryGetArray(_bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(_bytes.ToArray(), writable: false));

        public void Commit()
        {
            _tally.Committed();
            _done();
            _answer.SetResult(null);
        }

        public bool Fail(string reason)
        {
            _tally.Failed();
            _done();
            _answer.SetResult(reason);
            return false; // who brought it has to bring it again
        }
    }
}
