using System.Text;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;

namespace Yagura.Engine.Tests;

public sealed class QuarantineTests
{
    private static ObjectResult Read(string text)
    {
        var reader = new ObjectReader(DetectorSet.Default, Knowledge.Nothing, new ReadingOptions(null, null, null));
        using var stored = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return reader.Read(new LogObjectReference("x.json", null, null, null), stored, CancellationToken.None);
    }

    private static string Misfits(int count) =>
        string.Join('\n', Enumerable.Repeat("""{"eventVersion":"1.08","eventTime":"yesterday","eventSource":"s3.amazonaws.com","eventName":"GetObject"}""", count));

    [Fact]
    public void Quarantined_records_are_counted_by_reason()
    {
        var records = Assert.Single(Read(Misfits(3)).Entry.Records, r => r.Quarantined > 0);
        Assert.Equal((3, 3), (records.Quarantined, Assert.Single(records.Reasons).Value));
    }

    [Fact]
    public void Records_beyond_what_is_kept_of_an_object_are_counted_as_such()
    {
        var result = Read(Misfits(ObjectReader.MostQuarantined + 7));
        Assert.Equal((ObjectReader.MostQuarantined, 7), (result.Quarantined.Count, result.NotKept));
        Assert.Equal(ObjectReader.MostQuarantined + 7, result.Entry.Records.Sum(r => r.Reasons.Values.Sum()));
    }

    [Fact]
    public void Rare_reasons_are_summed_up_and_none_is_lost()
    {
        static RecordCounts Of(int reason) => new(Logs.LogType.Unknown, 0, 0, Quarantined: 1, new Dictionary<string, long>())
        {
            Reasons = new Dictionary<string, long> { [$"reason {reason}"] = 1 },
        };
        IReadOnlyList<RecordCounts> sum = [];
        for (var i = 0; i < 200; i++) sum = RecordCounts.Sum(sum.Append(Of(i)));
        var counts = Assert.Single(sum);
        Assert.Equal((200, 200, RecordCounts.MostReasons), (counts.Quarantined, counts.Reasons.Values.Sum(), counts.Reasons.Count));
    }
}
