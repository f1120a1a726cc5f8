using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Logs.Json;
using Yagura.Tests;

namespace Yagura.Logs.Tests;

/// <summary>What damaged and ill-meant input does to the reader, and what it must not do.</summary>
public sealed class HostileJsonTests
{
    private static string Event(int number, string more = "") =>
        $$"""{"eventVersion":"1.08","eventTime":"2026-02-01T09:30:00Z","eventName":"E{{number}}","requestParameters":{"a":[{"b":"}],{\"eventVersion\":"}]}{{more}}}""";

    private static string File(params IEnumerable<string> events) => $$"""{"Records":[{{string.Join(',', events)}}]}""";

    private static string[] Names(Collected read) => [.. read.Analysed.Select(text => text.Split("EventName=")[1].Split(' ')[0])];

    [Theory]
    [InlineData("a quote lost", """{"eventVersion":"1.08","eventTime":"2026-02-01T09:30:00Z,"eventName":"E2"}""")]
    [InlineData("a quote lost inside what is skipped", """{"eventVersion":"1.08","eventName":"E2","requestParameters":{"a":"b}}""")]
    [InlineData("a brace lost", """{"eventVersion":"1.08","eventName":"E2","requestParameters":{"a":"b"}""")]
    [InlineData("a brace too many", """{"eventVersion":"1.08","eventName":"E2"}}""")]
    [InlineData("cut off", """{"eventVersion":"1.08","eventNa""")]
    [InlineData("a comma lost", """{"eventVersion":"1.08" "eventName":"E2"}""")]
    [InlineData("a colon lost", """{"eventVersion" "1.08","eventName":"E2"}""")]
    [InlineData("no value", """{"eventVersion":,"eventName":"E2"}""")]
    [InlineData("a word", """{"eventVersion":nothing,"eventName":"E2"}""")]
    [InlineData("a comma at the end", """{"eventVersion":"1.08",}""")]
    [InlineData("no object", """null""")]
    [InlineData("text", """hello, "world""")]
    public void A_corrupt_record_in_the_middle_costs_itself_alone(string what, string corrupt)
    {
        foreach (var json in new[] { File(Event(1), corrupt, Event(3), Event(4)), $"{Event(1)}\n{corrupt}\n{Event(3)}\n{Event(4)}", File(Event(1), corrupt, Event(3), Event(4)).Replace(",{\"eventV", ",\n  {\n  \"eventV", StringComparison.Ordinal) })
        {
            var read = Collected.Read(json);
            Assert.True(Names(read) is ["E1", "E3", "E4"], $"{what}: {string.Join('\n', read.Log)}");
            Assert.NotEmpty(read.Quarantined);
        }
    }

    [Fact]
    public void Records_whose_first_key_is_another_are_found_again_too()
    {
        string Sorted(int n) => $$"""{"awsRegion":"us-east-1","eventName":"E{{n}}","eventTime":"2026-02-01T09:30:00Z"}""";
        Assert.Equal(["E1", "E3"], Names(Collected.Read($"[{Sorted(1)},{Sorted(2)[..^9]},{Sorted(3)}]")));
    }

    [Fact]
    public void No_text_that_an_attacker_gets_logged_begins_a_record()
    {
        var inside = JsonSerializer.Serialize("x,{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-02-01T09:30:00Z\",\"eventName\":\"Faked\"},\n{\"eventVersion\"");
        var corrupt = $$"""{"eventVersion":"1.08","userAgent":{{inside}},"eventName":}""";
        Assert.Equal(["E1", "E3"], Names(Collected.Read(File(Event(1), corrupt, Event(3)))));
        Assert.Equal(["E1", "E3"], Names(Collected.Read($"{Event(1)}\n{corrupt}\n{Event(3)}")));
    }

    [Fact]
    public void A_truncated_file_keeps_its_whole_records_and_says_so()
    {
        var whole = File(Event(1), Event(2), Event(3));
        for (int length = 1; length < whole.Length - 1; length++)
        {
            var read = Collected.Read(whole[..length]);
            int complete = whole[..length].Split("}]}}").Length - 1;
            Assert.Equal(complete, read.Analysed.Count);
            // Behind the array's bracket nothing is missing but the brace of the file.
            Assert.Equal("the input ends in the middle", Assert.Single(read.Quarantined).Reason);
        }
        Assert.Equal(3, Collected.Read(whole[..^1]).Total);
    }

    [Fact]
    public void Nesting_a_thousand_deep_is_quarantined_wherever_it_is()
    {
        var deep = new string('[', 1000) + new string(']', 1000);
        var objects = string.Concat(Enumerable.Repeat("{\"userIdentity\":", 1000)) + "1" + new string('}', 1000);
        var read = Collected.Read(File(Event(1), Event(2, $",\"x\":{deep}"), Event(3, $",\"userIdentity\":{objects}"), Event(4)));
        Assert.Equal(["E1", "E4"], Names(read));
        Assert.All(read.Quarantined, q => Assert.Equal("the record is nested deeper than 128", q.Reason));
        Assert.Equal(2, read.Quarantined.Count);
        Assert.Equal(1, Collected.Read(new string('[', 1_000_000)).Total);
        Assert.Equal(1, Collected.Read(string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000))).Total);
    }

    [Fact]
    public void An_event_of_a_mebibyte_is_used_and_one_over_the_limit_is_quarantined_once()
    {
        string Long(int n, int length) => Event(n, $",\"x\":\"{new string('y', length)}\"");
        foreach (var json in new[] { File(Event(1), Long(2, 1 << 20), Long(3, 5 << 20), Event(4), Event(5)), $"{Event(1)}\n{Long(2, 1 << 20)}\n{Long(3, 5 << 20)}\n{Event(4)}\n{Event(5)}" })
        {
            var read = Collected.Read(json);
            Assert.Equal(["E1", "E2", "E4", "E5"], Names(read));
            var misfit = Assert.Single(read.Quarantined);
            Assert.Equal((3, "the record is longer than 4 MiB", LogLimits.QuarantinedBytes), (misfit.Record, misfit.Reason, misfit.Bytes.Length));
        }
    }

    [Fact]
    public void A_line_of_100_MB_is_one_misfit_in_bounded_memory()
    {
        var sink = new Collected();
        using var content = new Repeating(Encoding.UTF8.GetBytes($"{Event(1)}\n{{\"a\":\""), (byte)'x', 100_000_000, Encoding.UTF8.GetBytes($"\"}}\n{Event(3)}"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        new JsonLogReader(Projection.Known).Read(content, [], sink, null, default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        Assert.Equal(["E1", "E3"], Names(sink));
        Assert.Single(sink.Quarantined);
    }

    [Fact]
    public void Nothing_but_broken_records_takes_no_more_than_linear_time()
    {
        var json = Encoding.UTF8.GetBytes("{\"Records\":[" + string.Concat(Enumerable.Repeat("{\"eventVersion\":\"x,", 100_000)));
        Assert.Equal(100_000, Collected.Read(json).Quarantined.Count);
    }

    [Fact]
    public void A_record_that_is_not_UTF_8_is_quarantined_alone()
    {
        var bytes = Encoding.Latin1.GetBytes(File(Event(1), Event(2, ",\"userAgent\":\"\u00e9\""), Event(3)));
        var read = Collected.Read(bytes);
        Assert.Equal(["E1", "E3"], Names(read));
        Assert.Equal((2, "", "the record is not valid UTF-8"), (Assert.Single(read.Quarantined).Record, read.Quarantined[0].Field, read.Quarantined[0].Reason));
    }

    [Fact]
    public void What_a_damaged_stream_gave_is_reported_before_its_error()
    {
        var sink = new Collected();
        using var content = new Repeating(Encoding.UTF8.GetBytes($"{Event(1)}\n{Event(2)}\n{{\"a\":"), (byte)' ', 10, null);
        Assert.Throws<InvalidDataException>(() => new JsonLogReader(Projection.Known).Read(content, [], sink, null, default));
        Assert.Equal(["E1", "E2"], Names(sink));
        Assert.Single(sink.Quarantined);
    }

    private static readonly string[] Seeds =
    [
        File(Event(1), Event(2), Event(3, ",\"userAgent\":\"\\u65e5\\n\"")), $"{Event(1)}\n{Event(2)}\r\n{Event(3)}\n", $"[{Event(1)},\n {Event(2)}]",
        $$"""{"Events":[{"EventId":"1","CloudTrailEvent":{{JsonSerializer.Serialize(Event(1))}} }],"NextToken":"x"}""",
        $$"""{"detail-type":"x","detail":{{Event(1)}} }{"detail-type":"x","detail":{{Event(2)}} }""",
        $$"""{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","message":{{JsonSerializer.Serialize(Event(1))}} },{"id":"2","message":"2 eni"}]}""",
        """{"version":"1.1","query_timestamp":"2026-02-01T09:30:00Z","query_name":"a.example.","srcids":{"instance":"i-1"},"answers":[]}""",
    ];

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        Gen.Int[0, Seeds.Length - 1].Array[1, 4],
        Gen.Select(Gen.Double[0, 1], Gen.Int[0, 3], Gen.OneOf(Gen.Char["{}[]\",:\\\n x"].Select(c => (byte)c), Gen.Byte)).Array[0, 6]).Select((seeds, edits) =>
    {
        var bytes = seeds.SelectMany(seed => Encoding.UTF8.GetBytes(Seeds[seed] + "\n")).ToList();
        foreach (var (where, how, value) in edits)
        {
            int at = (int)(where * (bytes.Count - 1));
            if (bytes.Count < 2) break;
            if (how == 0) bytes.RemoveAt(at);
            else if (how == 1) bytes.Insert(at, value);
            else if (how == 2) bytes[at] = value;
            else bytes.RemoveRange(at, Math.Min(40, bytes.Count - at));
        }
        return bytes.ToArray();
    });

    [Fact]
    public void Damage_of_any_kind_never_throws_and_never_makes_records() => Damaged.Sample(
        bytes => Assert.InRange(Collected.Read(bytes, (_, _, _) => { }).Total, 0, bytes.Length),
        iter: 20_000);

    [Fact]
    public void However_the_stream_is_cut_the_same_comes_out() => Gen.Select(Damaged, Gen.Int[1, 300].Array[1, 20], Gen.Int[0, 400]).Sample(
        (bytes, cuts, head) =>
        {
            var sink = new Collected();
            head = Math.Min(head, bytes.Length);
            using var content = new Cut(bytes[head..], cuts);
            new JsonLogReader(Projection.Known).Read(content, bytes.AsSpan(0, head), sink, null, default);
            Assert.Equal(Collected.Read(bytes).Log, sink.Log);
        },
        iter: 3_000);

    [Fact]
    public void Records_that_cross_the_buffer_are_read_once_and_in_order()
    {
        var events = Enumerable.Range(0, 5_000).Select(n => Event(n, $",\"x\":\"{new string('z', n * 7919 % 3000)}\"")).ToList();
        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => $"E{n}"), Names(Collected.Read(File(events))));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => $"E{n}"), Names(Collected.Read(string.Join('\n', events))));
    }

    [Fact]
    public void A_record_that_is_read_allocates_nothing()
    {
        var bytes = Encoding.UTF8.GetBytes(File(Enumerable.Range(0, 3000).Select(n => Event(n, ",\"userAgent\":\"\\u65e5 \\\"\",\"sourceIPAddress\":\"198.51.100.7\""))));
        var reader = new JsonLogReader(Projection.Known);
        var sink = new Nothing();
        using var content = new MemoryStream(bytes);
        var passes = 0;
        var allocated = Allocations.Of(() =>
        {
            passes++; // the first one makes the buffers
            content.Position = 0;
            reader.Read(content, [], sink, null, default);
        });
        Assert.Equal(3000 * passes, sink.Calls);
        Assert.Equal(0, allocated);
    }

    private sealed class Nothing : ILogSink
    {
        public int Calls { get; private set; }
        public void Handle(ApiCall call) => Calls++;
        public void Handle(FlowRecord flow) => throw new NotSupportedException();
        public void Handle(DnsQuery query) => throw new NotSupportedException();
        public void Quarantine(in Misfit misfit) => throw new NotSupportedException();
        public void Skip(LogType logType, string reason, long records = 1) => throw new NotSupportedException();
    }

    /// <summary>A stream that is read in pieces of given sizes.</summary>
    private sealed class Cut(byte[] bytes, int[] cuts) : MemoryStream(bytes)
    {
        private int _next;
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, cuts[_next++ % cuts.Length]));
    }

    /// <summary>Some bytes, then one byte many times, then some more or an error.</summary>
    private sealed class Repeating(byte[] first, byte filler, int times, byte[]? last) : Stream
    {
        private readonly MemoryStream _first = new(first), _last = new(last ?? []);
        private int _left = times;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_first.Read(buffer, offset, count) is > 0 and var read) return read;
            if (_left == 0) return last is null ? throw new InvalidDataException("damaged") : _last.Read(buffer, offset, count);
            count = Math.Min(count, _left);
            buffer.AsSpan(offset, count).Fill(filler);
            _left -= count;
            return count;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
