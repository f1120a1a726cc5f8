using System.Text;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion.Redrive;
using Yagura.Tests;

namespace Yagura.Engine.Tests.Ingestion.Redrive;

public sealed class RedrivesTests
{
    private readonly QuarantineInMemory _quarantine = new();
    private readonly Known _ledger = new();
    private readonly Redrives _redrives;

    public RedrivesTests() => _redrives = new(
        _quarantine, _ledger,
        new(
            (reference, _) => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes($"bytes of {reference.Name}"))),
            body => body.IsEmpty ? [] : [.. Encoding.UTF8.GetString(body.Span).Split(' ').Select(name => new LogObjectReference(name, null, null, null))]),
        new ManualTime());

    /// <summary>A ledger that knows what a test tells it.</summary>
    private sealed class Known : ILedger
    {
        public Dictionary<string, LedgerEntry> Entries { get; } = new(StringComparer.Ordinal);

        public Task<IReadOnlyList<LedgerEntry>> Find(string name, CancellationToken cancel = default) =>
            Task.FromResult<IReadOnlyList<LedgerEntry>>(Entries.TryGetValue(name, out var entry) ? [entry] : []);

        public Task Record(IReadOnlyList<LedgerEntry> entries, CancellationToken cancel = default) => throw new NotSupportedException();
        public Task<IReadOnlyList<LedgerEntry>> Objects(LedgerQuery query, LedgerPlace? after, int most, CancellationToken cancel = default) => throw new NotSupportedException();
        public Task<IReadOnlyList<LedgerHour>> Hours(LedgerQuery query, int most, CancellationToken cancel = default) => throw new NotSupportedException();
        public Task<IReadOnlyList<LedgerStream>> Streams(CancellationToken cancel = default) => throw new NotSupportedException();
        public Task<long> Prune(DateTimeOffset before, CancellationToken cancel = default) => throw new NotSupportedException();
        public Task<IReadOnlyList<string>> Verify(CancellationToken cancel = default) => throw new NotSupportedException();
        public Task<IReadOnlyList<LogObjectReference>> Unsettled(IReadOnlyList<LogObjectReference> listed, CancellationToken cancel = default) => throw new NotSupportedException();
    }

    private async Task<(string Text, string? Outcome)> Drive(QuarantinedItem item, LedgerState state, long quarantined = 0)
    {
        await _quarantine.Put([item]);
        var number = (await _quarantine.List(null, 1))[0].Number;
        var text = new StringBuilder();
        var outcome = _redrives.Redrive(number, CancellationToken.None);
        while (!outcome.IsCompleted)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                await foreach (var delivery in _redrives.Deliveries(patience.Token))
                {
                    await using var stream = await delivery.Open();
                    using var reader = new StreamReader(stream);
                    text.Append(await reader.ReadToEndAsync()).Append(';');
                    _ledger.Entries[delivery.Object.Name] = new(default, delivery.Object.Name, delivery.Object.Version ?? "", state, default, default)
                    {
                        Reason = "damaged", Records = new Dictionary<string, RecordTally>(StringComparer.Ordinal) { ["CloudTrail"] = new(1, 0, 0, quarantined, 0) },
                    };
                    delivery.Commit();
                }
            }
            catch (OperationCanceledException)
            {
                // Nothing more comes.
            }
        }
        return (text.ToString(), await outcome);
    }

    private static QuarantinedItem Item(QuarantinedKind kind, string bytes) => new(kind, "s3://trail-logs/", "s3://trail-logs/a", 3, "", "", Encoding.UTF8.GetBytes(bytes));

    [Fact]
    public async Task A_record_is_driven_again_by_itself_and_leaves_when_it_could_be_used()
    {
        Assert.Equal(("the record;", null), await Drive(Item(QuarantinedKind.Record, "the record"), LedgerState.Applied));
        Assert.True(_ledger.Entries.ContainsKey("s3://trail-logs/a#3"));
        Assert.Empty(_quarantine.Items);
    }

    [Fact]
    public async Task An_object_is_read_again_from_its_place()
    {
        Assert.Equal(("bytes of s3://trail-logs/a;", null), await Drive(Item(QuarantinedKind.Object, ""), LedgerState.Applied));
        Assert.Empty(_quarantine.Items);
    }

    [Fact]
    public async Task The_objects_that_a_message_names_are_read()
    {
        Assert.Equal(("bytes of s3://b/one;bytes of s3://b/two;", null), await Drive(Item(QuarantinedKind.Message, "s3://b/one s3://b/two"), LedgerState.Duplicate));
        Assert.Equal(("", "it names nothing that could be read"), await Drive(Item(QuarantinedKind.Message, ""), LedgerState.Applied));
    }

    [Fact]
    public async Task What_still_cannot_be_used_stays_with_the_reason()
    {
        Assert.Equal("1 records in it still cannot be used", (await Drive(Item(QuarantinedKind.Record, "x"), LedgerState.Applied, quarantined: 1)).Outcome);
        Assert.Equal("damaged", (await Drive(Item(QuarantinedKind.Object, ""), LedgerState.Quarantined)).Outcome);
        Assert.Equal(2, _quarantine.Items.Count());
    }

    [Fact]
    public async Task What_is_not_there_is_said() => Assert.Equal("it is not in quarantine", await _redrives.Redrive(99, CancellationToken.None));
}
