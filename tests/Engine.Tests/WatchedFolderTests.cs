using System.Collections.Concurrent;
using System.Diagnostics;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion.Folders;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

public sealed class WatchedFolderTests : IAsyncLifetime
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly string _root = Directory.CreateTempSubdirectory("yagura-watched-").FullName;
    private readonly SettledInMemory _settled = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly BlockingCollection<(ILogDelivery Delivery, long At)> _arrived = [];
    private Task _reading = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(At("in"));
        Directory.CreateDirectory(At("out"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
        _arrived.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private string At(params string[] parts) => Path.Combine([_root, .. parts]);

    private string Write(string text, params string[] parts)
    {
        var path = At(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Starts to read, and returns when what lay there is delivered.</summary>
    private WatchedFolder Watch(TimeSpan? relist = null, TimeSpan? quiet = null)
    {
        File.SetLastWriteTimeUtc(Write("{}", "in", "first"), new(2026, 11, 25, 0, 0, 0, DateTimeKind.Utc));
        var source = new WatchedFolder(new(At("in")) { Relist = relist ?? Never, Quiet = quiet ?? Never }, _settled, TimeProvider.System);
        _reading = Read();
        Assert.Equal(At("in", "first"), Next().Object.Name);
        return source;

        async Task Read()
        {
            try
            {
                await foreach (var delivery in source.Deliveries(_stop.Token)) _arrived.Add((delivery, Stopwatch.GetTimestamp()));
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }
        }
    }

    private ILogDelivery Next() => Take().Delivery;

    private (ILogDelivery Delivery, long At) Take()
    {
        Assert.True(_arrived.TryTake(out var next, TimeSpan.FromSeconds(30)), "nothing arrived");
        return next;
    }

    private void Commit(ILogDelivery delivery)
    {
        _settled.Settle(delivery.Object);
        delivery.Commit();
    }

    [Fact]
    public async Task A_file_that_is_moved_in_is_there_within_milliseconds_and_has_its_bytes()
    {
        Watch();
        var waits = new List<double>();
        for (var number = 0; number < 50; number++)
        {
            var made = Write($"log {number}", "out", $"{number}");
            var moved = Stopwatch.GetTimestamp();
            File.Move(made, At("in", $"{number}"));
            var (delivery, at) = Take();
            waits.Add(Stopwatch.GetElapsedTime(moved, at).TotalMilliseconds);
            await using var stream = await delivery.Open();
            using var text = new StreamReader(stream);
            Assert.Equal($"log {number}", await text.ReadToEndAsync());
        }
        waits.Sort();
        TestContext.Current.SendDiagnosticMessage($"moved in: median {waits[25]:0.00} ms, slowest {waits[^1]:0.00} ms");
        Assert.InRange(waits[25], 0, 50);
    }

    [Fact]
    public void A_file_is_delivered_when_its_writer_closes_it_and_not_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells");
        Watch();
        using (var growing = new FileStream(At("in", "growing"), FileMode.CreateNew))
        {
            growing.Write("half"u8);
            growing.Flush();
            Write("whole", "in", "other");
            Assert.Equal(At("in", "other"), Next().Object.Name);
            growing.Write(" and half"u8);
        }
        var delivery = Next();
        Assert.Equal((At("in", "growing"), 13), (delivery.Object.Name, delivery.Object.Size));
    }

    [Fact]
    public void Where_nothing_tells_of_it_a_listing_finds_a_file_that_has_come_to_rest()
    {
        File.CreateSymbolicLink(At("in", "linked"), At("out")); // a folder that is not followed
        var source = Watch(relist: TimeSpan.FromMilliseconds(50), quiet: TimeSpan.FromMinutes(1));
        File.SetLastWriteTimeUtc(Write("growing", "out", "fresh"), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));
        using (var made = Process.Start("ln", [At("out", "fresh"), At("in", "hard-link")])) made.WaitForExit();
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(1500)));
        File.SetLastWriteTimeUtc(At("in", "hard-link"), new(2026, 11, 25, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(At("in", "hard-link"), Next().Object.Name);
        Assert.Null(source.Status.Problem);
    }

    [Fact]
    public void Hidden_and_temporary_names_are_left_out_until_they_are_renamed()
    {
        Watch();
        foreach (var name in (string[])[".hidden", "a.tmp", "b.part"]) Write("x", "in", name);
        File.Move(At("in", "a.tmp"), At("in", "a.log"));
        Assert.Equal(At("in", "a.log"), Next().Object.Name);
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public void Files_in_new_and_moved_folders_are_found_however_deep()
    {
        Watch(quiet: TimeSpan.FromSeconds(1));
        Write("1", "in", "2026", "11", "25", "one");
        Write("2", "out", "day", "hour", "two");
        Directory.Move(At("out", "day"), At("in", "day"));
        Assert.Equal([At("in", "2026", "11", "25", "one"), At("in", "day", "hour", "two")], new[] { Next(), Next() }.Select(d => d.Object.Name).Order(StringComparer.Ordinal));
        Write("3", "in", "day", "hour", "three");
        Assert.Equal(At("in", "day", "hour", "three"), Next().Object.Name);
        Directory.Move(At("in", "day"), At("in", "night"));
        Write("4", "in", "night", "hour", "four");
        var names = new[] { Next(), Next(), Next() }.Select(d => d.Object.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(At("in", "night", "hour", "four"), names); // and the two that moved along, under their new names
    }

    [Fact]
    public void What_was_committed_is_not_delivered_again_unless_it_changes()
    {
        Watch(relist: TimeSpan.FromMilliseconds(50), quiet: TimeSpan.Zero);
        Write("one", "in", "log");
        var first = Next();
        Commit(first);
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(500)));
        File.AppendAllText(At("in", "log"), " and more");
        var second = Next();
        Assert.NotEqual(first.Object.Version, second.Object.Version);
    }

    [Fact]
    public void What_could_not_be_read_comes_again_and_counts_meanwhile()
    {
        var source = Watch(relist: TimeSpan.FromMilliseconds(50), quiet: TimeSpan.Zero);
        Write("one", "in", "log");
        Assert.True(Next().Fail("a disk that is ill"));
        Assert.Equal(1, source.Status.Failing);
        var again = Next();
        Commit(again);
        Assert.Equal((1, 0, 1), (source.Status.Committed, source.Status.Failing, source.Status.UnderWay)); // the first file is still unanswered
    }

    [Fact]
    public void A_burst_that_the_system_cannot_remember_is_found_by_a_listing()
    {
        Watch(quiet: TimeSpan.Zero);
        const int Files = 3_000;
        for (var number = 0; number < Files; number++) File.Move(Write("x", "out", $"{number}"), At("in", $"{number}"));
        Assert.Equal(Files, Enumerable.Range(0, Files).Select(_ => Next().Object.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_a_problem_until_it_is_there()
    {
        var source = new WatchedFolder(new(At("later")) { Relist = TimeSpan.FromMilliseconds(50), Quiet = TimeSpan.Zero }, _settled, TimeProvider.System);
        await using var deliveries = source.Deliveries(_stop.Token).GetAsyncEnumerator();
        var next = deliveries.MoveNextAsync();
        while (source.Status.Problem is null) await Task.Delay(10);
        Assert.StartsWith(At("later"), source.Status.Problem, StringComparison.Ordinal);
        Write("x", "later", "log");
        Assert.True(await next);
        Assert.Equal(At("later", "log"), deliveries.Current.Object.Name);
    }
}
