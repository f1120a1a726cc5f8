using Parquet;
using Parquet.Schema;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

public sealed class ParquetObjectTests
{
    [Fact]
    public async Task A_Parquet_object_is_read_from_a_stream_that_only_goes_forward()
    {
        DataField[] fields =
        [
            new DataField<string>("account_id"), new DataField<string>("interface_id"), new DataField<string>("srcaddr"), new DataField<string>("dstaddr"),
            new DataField<int>("srcport"), new DataField<int>("dstport"), new DataField<int>("protocol"), new DataField<long>("start"), new DataField<string>("action"),
        ];
        using var bytes = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), bytes))
        {
            using var group = writer.CreateRowGroup();
            string[][] texts = [["111122223333", "111122223333"], ["eni-1", "eni-1"], ["10.0.0.5", "10.0.0.5"], ["198.51.100.66", "203.0.113.9"]];
            for (var i = 0; i < texts.Length; i++) await group.WriteAsync(fields[i], texts[i]!);
            int[][] numbers = [[51234, 51235], [443, 443], [6, 6]];
            for (var i = 0; i < numbers.Length; i++) await group.WriteAsync<int>(fields[4 + i], numbers[i]);
            await group.WriteAsync<long>(fields[7], new long[] { 1_700_000_000, 1_700_000_060 });
            await group.WriteAsync(fields[8], (string[])["ACCEPT", "ACCEPT"]);
            group.CompleteValidate();
        }
        var list = ThreatListReader.Read("c2-test", ThreatCategory.CommandAndControl, "198.51.100.66\n"u8.ToArray());
        var knowledge = Knowledge.Nothing with { Intel = IntelSnapshot.Create([list]) };
        var options = new ScanOptions(knowledge, new ReadingOptions(null, null, null), _ => false, "test", null, Readers: 1);
        var name = "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/2023/11/14/x.log.parquet";
        var report = await Scan.Run([new MemoryObjects([(name, bytes.ToArray())])], options, null, TimeProvider.System, CancellationToken.None);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("Backdoor:EC2/C&CActivity.B", "eu-west-1", 1L), (finding.Type.Name, finding.Region, finding.Service.Count));
        Assert.Equal(2, Assert.Single(report.Records).Analysed);
    }
}
