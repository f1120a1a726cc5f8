using System.Runtime.CompilerServices;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion;

namespace Yagura.Engine.Tests.Ingestion;

public sealed class CollectionTests
{
    private sealed class Counting(string name, int most, Exception? end = null) : ILogSource
    {
        public int Given { get; private set; }

        public bool Left { get; private set; }

        public string Name => name;

        public SourceStatus Status => new(0, 0, 0, 0, null, null, null);

        public async IAsyncEnumerable<ILogDelivery> Deliveries([EnumeratorCancellation] CancellationToken cancel = default)
        {
            try
            {
                for (; Given < most; Given++) yield return new Nothing(new($"{name}{Given}", 1, null, null));
                if (end is not null) throw end;
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                Left = true;
            }
        }
    }

    private sealed record Nothing(LogObjectReference Object) : ILogDelivery
    {
        public Task<Stream> Open(CancellationToken cancel = default) => Task.FromResult(Stream.Null);

        public void Commit() { }

        public bool Fail(string reason) => false;
    }

    [Fact]
    public async Task No_source_starves_beside_a_busy_one_and_all_are_left_in_the_end()
    {
        Counting busy = new("busy", int.MaxValue), calm = new("calm", 3);
        var calmSeen = 0;
        await foreach (var (source, _) in Collection.Deliveries([busy, calm]))
            if (source == calm && ++calmSeen == 3) break;
        Assert.True(busy.Left && calm.Left);
    }

    [Fact]
    public async Task A_reader_that_stops_stops_the_sources()
    {
        var busy = new Counting("busy", int.MaxValue);
        await using var deliveries = Collection.Deliveries([busy]).GetAsyncEnumerator();
        Assert.True(await deliveries.MoveNextAsync());
        await Task.Delay(100);
        Assert.InRange(busy.Given, 1, 4);
    }

    [Fact]
    public async Task A_bug_in_a_source_is_not_kept_quiet()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var _ in Collection.Deliveries([new Counting("ill", 1, new InvalidOperationException("a bug")), new Counting("well", 1)])) { }
        });
        Assert.Equal("a bug", error.Message);
    }
}
