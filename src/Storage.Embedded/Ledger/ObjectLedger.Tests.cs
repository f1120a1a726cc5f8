using System.Globalization;
using CsCheck;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Ledger;

namespace Yagura.Storage.Embedded.Tests.Ledger;

public sealed class ObjectLedgerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly StreamKey Stream = new("s3://trail-logs/", "111122223333", "eu-west-1", "CloudTrail");

    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-ledger-").FullName;
    private Database _database = null!;
    private ObjectLedger _ledger = null!;

    public ValueTask InitializeAsync()
    {
        _database = Database.Open(_folder);
        _ledger = new(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static LedgerEntry Entry(string name, LedgerState state, string version = "1", string identity = "", int minute = 0, long applied = 0, long duplicate = 0, long quarantined = 0) =>
        new(Stream, name, version, state, Noon, Noon.AddMinutes(minute + 1))
        {
            Written = Noon.AddMinutes(minute), Identity = identity,
            Records = applied + duplicate + quarantined == 0 ? new Dictionary<string, RecordTally>(StringComparer.Ordinal)
                : new Dictionary<string, RecordTally>(StringComparer.Ordinal) { ["CloudTrail"] = new(applied, 0, duplicate, quarantined, 0) },
            Usage = applied + duplicate == 0 ? [] : [new(Stream.Account, Stream.Region, "CLOUD_TRAIL", null, applied + duplicate, 100)],
        };

    private async Task<string> Sums()
    {
        Assert.Empty(await _ledger.Verify());
        var hours = await _ledger.Hours(new(), 100);
        return string.Join("; ", hours.Select(hour => $"{string.Join('/', hour.Objects)} {hour.Records.Applied}/{hour.Records.Late}/{hour.Records.Duplicate}/{hour.Records.Quarantined}/{hour.Records.Skipped}"));
    }

    private static LogObjectReference Reference(string name, string? version = "1") => new(name, 1, version, null);

    [Fact]
    public async Task An_object_moves_from_state_to_state_and_its_hour_with_it()
    {
        await _ledger.Record([Entry("a", LedgerState.Discovered), Entry("b", LedgerState.Discovered)]);
        Assert.Equal("2/0/0/0/0/0/0 0/0/0/0/0", await Sums());
        await _ledger.Record([Entry("a", LedgerState.Reading)]);
        Assert.Equal("1/1/0/0/0/0/0 0/0/0/0/0", await Sums());
        await _ledger.Record([Entry("a", LedgerState.Applied, identity: "x", applied: 10, quarantined: 1)]);
        Assert.Equal("1/0/1/0/0/0/0 10/0/0/1/0", await Sums());
        await _ledger.Record([Entry("a", LedgerState.Applied, identity: "x", applied: 10, quarantined: 1)]);
        await _ledger.Record([Entry("a", LedgerState.Discovered)]);
        await _ledger.Record([Entry("a", LedgerState.Duplicate, identity: "x", duplicate: 10)]); // it was delivered again
        Assert.Equal("1/0/1/0/0/0/0 10/0/0/1/0", await Sums());
    }

    [Fact]
    public async Task What_is_settled_in_its_version_is_not_asked_for_again()
    {
        await _ledger.Record([Entry("a", LedgerState.Applied), Entry("b", LedgerState.Discovered), Entry("c", LedgerState.Quarantined), Entry("d", LedgerState.Missing), Entry("e", LedgerState.Duplicate, version: "")]);
        var unsettled = await _ledger.Unsettled([Reference("a"), Reference("a", "2"), Reference("b"), Reference("c"), Reference("d"), Reference("e", null), Reference("f")]);
        Assert.Equal(["a 2", "b 1", "d 1", "f 1"], unsettled.Select(reference => $"{reference.Name} {reference.Version}"));
    }

    [Fact]
    public async Task What_should_come_is_missing_until_it_comes_and_is_not_when_it_came_before()
    {
        await _ledger.Record([Entry("a", LedgerState.Missing, version: ""), Entry("b", LedgerState.Applied, applied: 1)]);
        await _ledger.Record([Entry("b", LedgerState.Missing, version: "")]);
        Assert.Equal("0/0/1/0/0/0/1 1/0/0/0/0", await Sums());
        Assert.Equal("a", Assert.Single(await _ledger.Objects(new() { State = LedgerState.Missing }, null, 10)).Name);
        await _ledger.Record([Entry("a", LedgerState.Applied, applied: 1)]);
        Assert.Equal("0/0/2/0/0/0/0 2/0/0/0/0", await Sums());
    }

    [Fact]
    public async Task A_duplicate_of_nothing_here_was_applied_before_a_crash()
    {
        await _ledger.Record([Entry("a", LedgerState.Duplicate, identity: "x", duplicate: 5)]);
        Assert.Equal("0/0/1/0/0/0/0 5/0/0/0/0", await Sums());
        await _ledger.Record([Entry("b", LedgerState.Duplicate, identity: "x", duplicate: 5)]);
        Assert.Equal("0/0/1/0/1/0/0 5/0/5/0/0", await Sums());
    }

    [Fact]
    public async Task Records_of_several_kinds_in_one_object_count_in_their_streams()
    {
        var records = new Dictionary<string, RecordTally>(StringComparer.Ordinal) { ["CloudTrail"] = new(1, 0, 0, 0, 0), ["VpcFlow"] = new(0, 7, 0, 0, 2) };
        await _ledger.Record([Entry("a", LedgerState.Late) with { Records = records }]);
        Assert.Equal("0/0/0/1/0/0/0 1/0/0/0/0; 0/0/0/0/0/0/0 0/7/0/0/2", await Sums());
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_whatever_is_asked_for()
    {
        await _ledger.Record([.. Enumerable.Range(0, 25).Select(number => Entry($"{number:D2}", number % 2 == 0 ? LedgerState.Applied : LedgerState.Quarantined, minute: number / 5))]);
        var names = new List<string>();
        LedgerPlace? place = null;
        while (await _ledger.Objects(new() { State = LedgerState.Quarantined, Source = Stream.Source }, place, 5) is { Count: > 0 } page)
        {
            names.AddRange(page.Select(entry => entry.Name));
            place = LedgerPlace.Of(page[^1]);
        }
        Assert.Equal(["21", "23", "15", "17", "19", "11", "13", "05", "07", "09", "01", "03"], names);
        Assert.Empty(await _ledger.Objects(new() { Account = "444455556666" }, null, 5));
        Assert.Equal(10, (await _ledger.Objects(new() { Since = Noon.AddMinutes(4) }, null, 100)).Count);
    }

    [Fact]
    public async Task A_stream_learns_its_rhythm_and_its_lag()
    {
        for (var number = 0; number < 600; number++) await _ledger.Record([Entry($"{number}", LedgerState.Discovered, minute: 5 * number), Entry($"{number}", LedgerState.Applied, minute: 5 * number)]);
        var stream = Assert.Single(await _ledger.Streams());
        Assert.Equal((Noon.AddMinutes(5 * 599), 599), (stream.LastWritten, stream.Rhythm.Pauses));
        Assert.InRange(stream.Rhythm.LongestUsual!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), (stream.Lag, stream.UsualLag));
    }

    [Fact]
    public async Task What_is_pruned_stays_in_the_sums_and_what_is_missing_is_not_pruned()
    {
        await _ledger.Record([Entry("a", LedgerState.Applied, applied: 1), Entry("b", LedgerState.Missing), Entry("c", LedgerState.Applied, minute: 30, applied: 1)]);
        Assert.Equal(1, await _ledger.Prune(Noon.AddMinutes(10)));
        Assert.Equal(["c", "b"], (await _ledger.Objects(new(), null, 10)).Select(entry => entry.Name));
        Assert.Equal("0/0/2/0/0/0/1 2/0/0/0/0", await Sums());
    }

    [Fact]
    public async Task Sums_that_were_tampered_with_are_told()
    {
        await _ledger.Record([Entry("a", LedgerState.Applied, applied: 1)]);
        await _database.Write(session => session.Execute("UPDATE ledger_hour SET records_applied = 2"));
        Assert.Equal(
            ["s3://trail-logs/ 111122223333 eu-west-1 CloudTrail 2026-11-25 12h: the sums say 0/0/1/0/0/0/0 objects and 2/0/0/0/0 records, the objects 0/0/1/0/0/0/0 objects and 1/0/0/0/0 records"],
            await _ledger.Verify());
    }

    [Fact]
    public async Task Whatever_happens_to_objects_the_sums_agree_with_them_and_repeating_changes_nothing()
    {
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Enum<LedgerState>(), Gen.Int[0, 3], Gen.Long[0, 5]).Select((name, version, state, identity, records) =>
            Entry(name.ToString(CultureInfo.InvariantCulture), state, version == 0 ? "" : $"{version}", identity == 0 ? "" : $"{identity}", applied: records, duplicate: state == LedgerState.Duplicate ? records : 0));
        await step.List[1, 30].SampleAsync(async steps =>
        {
            foreach (var one in steps) await _ledger.Record([one]);
            var before = await Sums();
            await _ledger.Record([steps[^1]]);
            Assert.Equal(before, await Sums());
        }, iter: 100, threads: 1);
    }

    [Fact]
    public async Task A_database_that_is_closed_is_a_failure_that_sources_wait_out()
    {
        await _database.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => _ledger.Record([Entry("a", LedgerState.Applied)]));
        _database = Database.Open(_folder);
    }
}
