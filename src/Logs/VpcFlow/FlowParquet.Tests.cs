using CsCheck;
using Parquet;
using Parquet.Schema;
using Yagura.Logs.Json;
using Yagura.Logs.VpcFlow;

namespace Yagura.Logs.Tests;

public sealed class FlowParquetTests
{
    private static readonly DataField[] Fields =
    [
        new DataField<int>("version", true), new DataField<string>("account_id"), new DataField<string>("interface_id"),
        new DataField<string>("srcaddr"), new DataField<string>("dstaddr"), new DataField<int>("srcport", true), new DataField<int>("dstport", true),
        new DataField<int>("protocol", true), new DataField<long>("packets", true), new DataField<long>("bytes", true),
        new DataField<long>("start", true), new DataField<long>("end"), new DataField<string>("action"), new DataField<string>("log_status"),
        new DataField<string>("flow_direction"), new DataField<int>("tcp_flags", true), new DataField<int>("traffic_path", true),
    ];

    /// <summary>Two row groups: 1 record and 1 window without data each.</summary>
    private static byte[] Write(int sourcePort = 20641)
    {
        var bytes = new MemoryStream();
        WriteAsync().GetAwaiter().GetResult();
        return bytes.ToArray();

        async Task WriteAsync()
        {
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(Fields), bytes);
            for (var i = 0; i < 2; i++)
            {
                using var group = writer.CreateRowGroup();
                await Ints(group, 0, 5, 5);
                await Texts(group, 1, "111122223333", "111122223333");
                await Texts(group, 2, "eni-1", "eni-1");
                await Texts(group, 3, "192.0.2.10", null);
                await Texts(group, 4, "2001:db8::7", null);
                await Ints(group, 5, sourcePort, null);
                await Ints(group, 6, 22, null);
                await Ints(group, 7, 6, null);
                await Longs(group, 8, 20, null);
                await Longs(group, 9, 4_294_967_296, null);
                await Longs(group, 10, 1_700_000_000, 1_700_000_000);
                await group.WriteAsync<long>(Fields[11], new long[] { 1_700_000_060, 1_700_000_060 });
                await Texts(group, 12, "REJECT", null);
                await Texts(group, 13, "OK", "NODATA");
                await Texts(group, 14, "ingress", null);
                await Ints(group, 15, 2, null);
                await Ints(group, 16, 1, null);
                group.CompleteValidate();
            }
        }
        static Task Texts(ParquetRowGroupWriter group, int field, params string?[] values) => group.WriteAsync(Fields[field], values!);
        static Task Ints(ParquetRowGroupWriter group, int field, params int?[] values) => group.WriteAsync<int>(Fields[field], values.AsMemory());
        static Task Longs(ParquetRowGroupWriter group, int field, params long?[] values) => group.WriteAsync<long>(Fields[field], values.AsMemory());
    }

    [Fact]
    public void Rows_are_the_records_that_lines_are()
    {
        var read = Gathered.From(Write(), "AWSLogs/111122223333/vpcflowlogs/us-east-1/x.log.parquet");
        var line = Gathered.From("""
            version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction tcp-flags
            5 111122223333 eni-1 192.0.2.10 2001:db8::7 20641 22 6 20 4294967296 1700000000 1700000060 REJECT OK ingress 2
            """).Flows[0];

        Assert.Empty(read.Misfits);
        Assert.Equal([(LogType.VpcFlow, "NODATA", 1), (LogType.VpcFlow, "NODATA", 1)], read.Skips);
        Assert.Equal([line with { Record = 1 }, line with { Record = 3 }], read.Flows);
    }

    [Fact]
    public void A_row_that_does_not_fit_is_quarantined_with_its_fields_name() =>
        Assert.Equal(["srcport", "srcport"], Gathered.From(Write(sourcePort: 70_000)).Misfits.Select(misfit => misfit.Field));

    [Fact]
    public void A_count_that_no_file_could_hold_is_refused_at_once()
    {
        // Field 4, a list of 2,147,483,647 structs, in a metadata of eight bytes.
        Assert.False(ParquetFooter.IsStruct([0x49, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00]));
        Assert.True(ParquetFooter.IsStruct([0x15, 0x02, 0x49, 0x2C, 0x00, 0x00, 0x00]));
        Gen.Byte.Array[0, 60].Sample(bytes => { _ = ParquetFooter.IsStruct(bytes); }); // never throws
    }

    [Fact]
    public void A_damaged_file_is_quarantined_and_never_throws()
    {
        var whole = Write();
        Gen.Select(Gen.Int[4, whole.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, cut) =>
        {
            var damaged = cut ? whole[..at] : [.. whole];
            if (!cut) damaged[at] = value;
            var read = Gathered.From(damaged);
            Assert.InRange(read.Flows.Count, 0, 4);
            if (cut) Assert.NotEmpty(read.Misfits);
        }, iter: 300);
    }

    [Fact]
    public async Task Another_table_is_no_flow_log()
    {
        var bytes = new MemoryStream();
        var field = new DataField<string>("name");
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), bytes))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(field, ["x"]);
        }

        Assert.Contains("no flow log", Assert.Single(Gathered.From(bytes.ToArray()).Misfits).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_asked_to()
    {
        var sink = new Gathered();
        new LogObject(new(null, Projection.Known)).Read(new Drip(Write(), 100), "object", sink, CancellationToken.None);

        Assert.Contains("cannot seek", Assert.Single(sink.Misfits).Reason, StringComparison.Ordinal);
    }
}
