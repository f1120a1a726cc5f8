using System.Text;
using CsCheck;
using Yagura.Core;
using Yagura.Logs.Json;
using Yagura.Logs.Text;
using Yagura.Logs.VpcFlow;
using Yagura.Tests;

namespace Yagura.Logs.Tests;

public sealed class FlowReaderTests
{
    private const string Header = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    private const string Line = "2 111122223333 eni-0a1b2c3d4e5f60718 192.0.2.10 198.51.100.7 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

    private static IpAddress Address(string text) => IpAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    [Fact]
    public void A_line_of_the_default_format_needs_no_header()
    {
        var flow = Assert.Single(Gathered.From(Line + "\n").Flows);

        Assert.Equal(new Gathered.Flow(
            1, Line, "111122223333", "eni-0a1b2c3d4e5f60718", "", "", "", "", Address("192.0.2.10"), Address("198.51.100.7"), IpAddress.None, IpAddress.None,
            20641, 22, 6, 20, 4249, DateTimeOffset.FromUnixTimeSeconds(1418530010), DateTimeOffset.FromUnixTimeSeconds(1418530010),
            DateTimeOffset.FromUnixTimeSeconds(1418530070), FlowAction.Accept, FlowDirection.Unknown, null), flow);
    }

    [Theory]
    [InlineData("\n", "\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n", "")]
    [InlineData("\r\n", "")]
    public void Line_ends_of_either_kind_and_a_missing_last_one_make_no_difference(string between, string last)
    {
        var read = Gathered.From(Header + between + Line + between + between + Line + last);

        Assert.Equal([Line, Line], read.Flows.Select(flow => flow.Raw));
        Assert.Empty(read.Misfits);
    }

    [Fact]
    public void A_custom_format_is_read_by_its_header_in_any_order()
    {
        var flow = Assert.Single(Gathered.From("""
            az-id region pkt-dstaddr pkt-srcaddr flow-direction tcp-flags instance-id subnet-id vpc-id type end start dstaddr srcaddr a-field-of-later
            use1-az1 us-east-1 203.0.113.9 2001:db8::5 egress 19 i-0123456789abcdef0 subnet-1 vpc-1 IPv6 1700000060 1700000000 2001:db8::2 2001:db8::1 whatever

            """).Flows);

        Assert.Equal(Address("2001:db8::1"), flow.Source);
        Assert.Equal(Address("2001:db8::2"), flow.Destination);
        Assert.Equal(Address("2001:db8::5"), flow.PacketSource);
        Assert.Equal(Address("203.0.113.9"), flow.PacketDestination);
        Assert.Equal(FlowDirection.Egress, flow.Direction);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Fin, flow.Flags);
        Assert.Equal(("i-0123456789abcdef0", "subnet-1", "vpc-1", "us-east-1"), (flow.Instance, flow.Subnet, flow.Vpc, flow.Region));
        Assert.Equal(1700000000, flow.Time.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("${interface-id} ${srcaddr} ${dstaddr} ${start} ${action}")]
    [InlineData("interface-id srcaddr dstaddr start action")]
    public void A_format_can_be_given_for_logs_without_a_header(string format)
    {
        var flow = Assert.Single(Gathered.From("eni-1 192.0.2.1 192.0.2.2 1700000000 REJECT", flowFormat: format).Flows);

        Assert.Equal(("eni-1", FlowAction.Reject), (flow.Interface, flow.Action));
    }

    [Theory]
    [InlineData("${srcaddr} ${start}", "neither addresses nor an interface")]
    [InlineData("srcaddr dstaddr", "neither start nor end")]
    [InlineData("srcaddr dstaddr start start", "named twice")]
    [InlineData("", "neither addresses nor an interface")]
    public void A_given_format_that_no_flow_can_be_read_by_is_refused_with_the_reason(string format, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new LogObject(new(format, Projection.Known))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_header_in_the_middle_changes_the_format_and_nothing_stays_of_the_old_one()
    {
        var read = Gathered.From($"{Header}\n{Line}\nsrcaddr dstaddr end\n192.0.2.1 192.0.2.2 1700000000\n{Header}\n{Line}\n");

        Assert.Equal(3, read.Flows.Count);
        Assert.Equal(("", 0, FlowAction.None, default(DateTimeOffset)), (read.Flows[1].Interface, read.Flows[1].SourcePort, read.Flows[1].Action, read.Flows[1].Start));
        Assert.Equal(1700000000, read.Flows[1].Time.ToUnixTimeSeconds());
        Assert.Equal(read.Flows[0] with { Record = 6 }, read.Flows[2]);
    }

    [Fact]
    public void Below_a_header_of_no_use_no_line_is_guessed_at()
    {
        var read = Gathered.From($"{Header}\nsrcport dstport start\n1 2 1700000000\n");

        Assert.Empty(read.Flows);
        Assert.Equal(["header", ""], read.Misfits.Select(misfit => misfit.Field));
        Assert.Contains("header", read.Misfits[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_without_data_are_counted_as_skipped()
    {
        var read = Gathered.From("""
            2 111122223333 eni-1 - - - - - - - 1742570089 1742570142 - NODATA
            2 111122223333 eni-1 - - - - - - - 1742570089 1742570142 - SKIPDATA

            """);

        Assert.Equal([(LogType.VpcFlow, "NODATA", 1), (LogType.VpcFlow, "SKIPDATA", 1)], read.Skips);
        Assert.Equal(2, read.Records);
    }

    [Theory]
    [InlineData(0, "x", "version")]
    [InlineData(3, "192.0.2.256", "srcaddr")]
    [InlineData(3, "192.0.2", "srcaddr")]
    [InlineData(3, "192.0.02.1", "srcaddr")]
    [InlineData(4, "2001:db8::g", "dstaddr")]
    [InlineData(5, "65536", "srcport")]
    [InlineData(6, "-1", "dstport")]
    [InlineData(7, "256", "protocol")]
    [InlineData(8, "9223372036854775808", "packets")]
    [InlineData(9, "99999999999999999999", "bytes")]
    [InlineData(9, "", "bytes")]
    [InlineData(10, "253402300800", "start")]
    [InlineData(11, "1.5", "end")]
    [InlineData(12, "DROP", "action")]
    [InlineData(13, "FINE", "log-status")]
    public void A_value_that_does_not_fit_is_quarantined_with_its_fields_name(int field, string value, string name)
    {
        var fields = Line.Split(' ');
        fields[field] = value;
        var read = Gathered.From($"{Line}\n{string.Join(' ', fields)}\n{Line}\n");

        Assert.Equal(2, read.Flows.Count);
        Assert.Equal((2, name), (Assert.Single(read.Misfits).Record, read.Misfits[0].Field));
    }

    [Theory]
    [InlineData("2 111122223333 eni-1")]
    [InlineData(Line + " more")]
    [InlineData("x")]
    public void A_line_with_another_number_of_fields_is_quarantined(string line) =>
        Assert.Contains("14 fields", Assert.Single(Gathered.From($"{Line}\n{line}\n").Misfits).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_record_without_any_time_is_quarantined() =>
        Assert.Equal("start", Assert.Single(Gathered.From($"{Line}\n2 111122223333 eni-1 192.0.2.1 192.0.2.2 1 2 6 1 1 - - ACCEPT OK").Misfits).Field);

    [Fact]
    public void Bytes_that_are_no_text_are_quarantined_line_by_line()
    {
        var line = Encoding.UTF8.GetBytes(Line);
        byte[] broken = [.. line], nul = [.. line];
        broken[20] = 0xFF;
        nul[20] = 0;
        var read = Gathered.From([.. line, (byte)'\n', .. broken, (byte)'\n', .. nul, (byte)'\n', .. line]);

        Assert.Equal([1, 4], read.Flows.Select(flow => flow.Record));
        Assert.Equal(["not valid UTF-8", "a control character in the line"], read.Misfits.Select(misfit => misfit.Reason));
    }

    [Fact]
    public void A_line_of_100_MB_is_quarantined_once_and_what_follows_is_read()
    {
        var sink = new Gathered();
        var content = new Joined(Encoding.UTF8.GetBytes(Line + "\n"), new Endless((byte)'7', 100 << 20), Encoding.UTF8.GetBytes($"\n{Line}\n"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        new LogObject(new(null, Projection.Known)).Read(content, "object", sink, CancellationToken.None);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal([1, 3], sink.Flows.Select(flow => flow.Record));
        Assert.Equal(new Gathered.Unfit(2, "", "a line longer than 1 MiB", LogLimits.QuarantinedBytes), Assert.Single(sink.Misfits));
    }

    [Fact]
    public void Reading_a_record_allocates_nothing()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Line + "\n", 20_000)));
        var reader = new LogObject(new(null, Projection.Known));
        var sink = new Counted();
        reader.Read(new MemoryStream(content), "object", sink, CancellationToken.None);
        var stream = new MemoryStream(content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(stream, "object", sink, CancellationToken.None);

        Assert.Equal(40_000, sink.Records);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    private static readonly Gen<string> AnyAddress = Gen.OneOf(
        Gen.UInt.Select(bits => IpAddress.FromV4(bits).ToString()),
        Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new IpAddress(high | 1, low).ToString()),
        Gen.Const("-"));

    private static Gen<string> Number(long most) => Gen.OneOf(Gen.Long[0, most].Select(n => $"{n}"), Gen.Const("-"), Gen.Const($"{most}"), Gen.Const("0"));

    private static readonly Gen<string> AnyLine =
        Gen.Select(
            Gen.Select(AnyAddress, AnyAddress, Number(65535), Number(65535)), Gen.Select(Number(255), Number(long.MaxValue), Number(long.MaxValue)),
            Gen.Long[1, 4_000_000_000], Gen.OneOf("ACCEPT", "REJECT", "-"),
            (a, b, start, action) => $"2 111122223333 eni-1 {a.Item1} {a.Item2} {a.Item3} {a.Item4} {b.Item1} {b.Item2} {b.Item3} {start} {start + 60} {action} OK");

    [Fact]
    public void What_is_written_is_read() => AnyLine.Array[1, 40].Sample(lines =>
    {
        var read = Gathered.From(string.Join('\n', lines));
        Assert.Empty(read.Misfits);
        for (var i = 0; i < lines.Length; i++)
        {
            var (flow, fields) = (read.Flows[i], lines[i].Split(' '));
            string[] back = ["2", flow.Account, flow.Interface, Or(flow.Source), Or(flow.Destination), fields[5] == "-" ? "-" : $"{flow.SourcePort}",
                fields[6] == "-" ? "-" : $"{flow.DestinationPort}", fields[7] == "-" ? "-" : $"{flow.Protocol}", fields[8] == "-" ? "-" : $"{flow.Packets}",
                fields[9] == "-" ? "-" : $"{flow.Bytes}", $"{flow.Start.ToUnixTimeSeconds()}", $"{flow.End.ToUnixTimeSeconds()}",
                flow.Action switch { FlowAction.Accept => "ACCEPT", FlowAction.Reject => "REJECT", _ => "-" }, "OK"];
            Assert.Equal(lines[i], string.Join(' ', back));
        }
        static string Or(IpAddress address) => address.IsNone ? "-" : address.ToString();
    });

    private static readonly Gen<string> OrdinaryLine = Gen.Select(
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort), Gen.Select(Gen.Byte, Gen.Int[0, 99_999_999], Gen.Int[0, 99_999_999]),
        Gen.Long[1_000_000_000, 9_999_999_000], Gen.OneOf("ACCEPT", "REJECT"),
        (a, b, start, action) => $"2 111122223333 eni-0a1b2c3d4e5f60718 {IpAddress.FromV4(a.Item1)} {IpAddress.FromV4(a.Item2)} {a.Item3} {a.Item4} {b.Item1} {b.Item2} {b.Item3} {start} {start + 60} {action} OK");

    // Values at the edges of what the straight way takes, and beside them.
    private static readonly Gen<string> AnyValue = Gen.OneOf(
        Gen.OneOf("", "-", "--", "0", "00", "7", "255", "256", "999", "65535", "65536", "0065535", "12345678", "123456789", "00000000", "000000001",
            "9223372036854775807", "9223372036854775808", "0000000000", "0000000001", "0100000000", "1999999999", "2000000000", "9999999999", "17000000000",
            "1.2.3.4", "01.2.3.4", "1.2.3.04", "1.2.3.256", "255.255.255.255", "0.0.0.0", "1.2.3", "1.2.3.4.5", "1..2.3", ".1.2.3", "1.2.3.", "1234.1.1.1", "1.2.3.1234",
            "111.222.111.2222", "2001:db8::1", "::ffff:1.2.3.4", "ACCEPT", "REJECT", "ACCEPTS", "accept", "OK", "KO", "NODATA", "SKIPDATA", "x", "eni-1", "é", "a\tb"),
        AnyAddress, Number(long.MaxValue), Gen.String[Gen.OneOf(Gen.Char['0', '9'], Gen.Char['!', '~']), 0, 17]);

    [Fact]
    public void Ordinary_lines_of_the_default_format_are_read_the_straight_way()
    {
        if (!DefaultLine.IsSupported) Assert.Skip("this processor has no AVX2");
        OrdinaryLine.Sample(line => Assert.True(DefaultLine.TryRead(new(FlowFormat.Default), ref Padded(line, out var ends)[0], 0, ref ends[0])));
    }

    /// <summary>With the columns the other way round no line can be read the straight way.</summary>
    [Fact]
    public void The_straight_way_reads_what_the_general_way_reads() =>
        Gen.Select(OrdinaryLine, Gen.Int[0, 13], AnyValue, Gen.Int[0, 13], AnyValue, Gen.Int[0, 3]).Sample((ordinary, field, value, other, otherValue, replaced) =>
        {
            var fields = ordinary.Split(' ');
            if (replaced > 0) fields[field] = value;
            if (replaced > 2) fields[other] = otherValue;
            var straight = Gathered.From($"{Header}\n{string.Join(' ', fields)}\n{Line}\n");
            var general = Gathered.From($"{Backwards(Header.Split(' '))}\n{Backwards(fields)}\n{Backwards(Line.Split(' '))}\n");

            Assert.Equal(general.Flows.Select(flow => flow with { Raw = Backwards(flow.Raw.Split(' ')) }), straight.Flows);
            Assert.Equal(general.Skips, straight.Skips);
            Assert.Equal(general.Misfits.Select(misfit => misfit.Record), straight.Misfits.Select(misfit => misfit.Record));
            static string Backwards(string[] fields) => string.Join(' ', fields.Reverse());
        }, iter: 20_000);

    /// <summary>Whatever bytes stand where fields should be, and wherever a block ends: what is said of a line is the general way's.</summary>
    [Fact]
    public void The_straight_way_never_takes_what_the_general_way_would_not() =>
        Gen.Select(OrdinaryLine, Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 200], Gen.Byte).Sample((line, at, value, other, otherValue) =>
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            bytes[at % bytes.Length] = value;
            bytes[other % bytes.Length] = otherValue;
            var straight = Gathered.From([.. Encoding.UTF8.GetBytes(Header + "\n"), .. bytes], "vpcflowlogs");
            // One more column that no line has a value for: the format is another, the fields are the same.
            var general = Gathered.From([.. Encoding.UTF8.GetBytes(Header + " later\n"), .. bytes.SelectMany(b => b == '\n' ? " x\n"u8.ToArray() : [b]), .. " x"u8], "vpcflowlogs");

            Assert.Equal(general.Flows.Select(flow => flow with { Raw = "" }), straight.Flows.Select(flow => flow with { Raw = "" }));
        }, iter: 20_000);

    private static byte[] Padded(string line, out int[] ends)
    {
        ends = [.. line.Select((c, at) => (c, at)).Where(pair => pair.c == ' ').Select(pair => pair.at), line.Length];
        return [.. Encoding.UTF8.GetBytes(line), .. new byte[LineBlocks.Padding]];
    }

    [Fact]
    public void The_size_of_the_pieces_it_comes_in_makes_no_difference() =>
        Gen.Select(AnyLine.Array[1, 800], Gen.Int[1, 5000]).Sample((lines, most) =>
        {
            var content = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            var dripped = new Gathered();
            new LogObject(new(null, Projection.Known)).Read(new Drip(content, most), "object", dripped, CancellationToken.None);
            Assert.Equal(Gathered.From(content).All, dripped.All);
        }, iter: 30);

    [Fact]
    public void Damage_costs_the_damaged_lines_only_and_throws_never() =>
        Gen.Select(AnyLine.Array[5, 30], Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 3]).Sample((lines, at, value, kind) =>
        {
            var content = Encoding.UTF8.GetBytes(string.Join('\n', lines)).ToList();
            at %= content.Count;
            if (kind == 0) content[at] = value;
            else if (kind == 1) content.RemoveAt(at);
            else if (kind == 2) content.Insert(at, value);
            else content.RemoveRange(at, content.Count - at);
            var read = Gathered.From([.. content], "vpcflowlogs");
            var whole = kind == 3 ? content.Count(c => c == '\n') : lines.Length - 2;
            Assert.InRange(read.Flows.Count + read.Skips.Count, Math.Max(0, whole - 1), lines.Length + 1);
            Assert.InRange(read.Records, whole, lines.Length + 1);
        });

    [Theory]
    [InlineData("otel-format-samples/vpc_flow_v2_header.log", 2, 0)]
    [InlineData("otel-format-samples/vpc_flow_nodata.log", 0, 1)]
    [InlineData("otel-format-samples/vpc_flow_v5_ecs.log", 1, 0)]
    public void Real_flow_logs_are_read_whole(string file, int flows, int skipped)
    {
        var read = Gathered.From(RealLogs.Read(file));

        Assert.Equal((flows, skipped, 0), (read.Flows.Count, read.Skips.Count, read.Misfits.Count));
    }

    private sealed class Counted : ILogSink
    {
        public int Records { get; private set; }
        public void Handle(ApiCall call) => throw new InvalidOperationException();
        public void Handle(FlowRecord flow) => Records++;
        public void Handle(DnsQuery query) => throw new InvalidOperationException();
        public void Quarantine(in Misfit misfit) => throw new InvalidOperationException(misfit.Reason);
        public void Skip(LogType logType, string reason, long records = 1) => throw new InvalidOperationException(reason);
    }
}
