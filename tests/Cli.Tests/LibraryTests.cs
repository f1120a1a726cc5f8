using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Yagura.Aws.Tests;
using Yagura.Intel.Tests;

namespace Yagura.Cli.Tests;

/// <summary>Formats and services that libraries read for us: a native program has only the code that its compiler saw was needed.</summary>
public sealed class LibraryTests(Moto moto) : IClassFixture<Moto>
{
    private const string Listed = "198.51.100.7";

    private static readonly byte[] Call = Encoding.UTF8.GetBytes(
        $$"""{"Records":[{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::111122223333:user/kenji","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"kenji"},"eventTime":"2026-02-01T09:30:00Z","eventSource":"iam.amazonaws.com","eventName":"ListUsers","awsRegion":"us-east-1","sourceIPAddress":"{{Listed}}","userAgent":"aws-cli","requestParameters":null,"responseElements":null,"eventID":"11111111-2222-3333-4444-555555555555","eventType":"AwsApiCall","recipientAccountId":"111122223333"}]}""");

    private static string AddLists(Scratch scratch)
    {
        scratch.Add("intel/intel.yaml", "lists:\n  - file: bad.txt\n    category: malicious\n"u8);
        return Path.GetDirectoryName(scratch.Add("intel/bad.txt", Encoding.UTF8.GetBytes(Listed)))!;
    }

    private static async Task<JsonElement> OnlyFinding(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (exit, output, error) = await Program.Run(environment, ["scan", .. arguments, "--format", "json"]);
        Assert.True(exit == 0, error);
        using var findings = JsonDocument.Parse(output);
        return Assert.Single(findings.RootElement.EnumerateArray()).Clone();
    }

    private static Task<JsonElement> OnlyFinding(params string[] arguments) => OnlyFinding(new Dictionary<string, string>(), arguments);

    [Fact]
    public async Task Lists_named_in_yaml_and_a_MaxMind_database_say_who_called_and_from_where()
    {
        using var scratch = new Scratch();
        var lists = AddLists(scratch);
        scratch.Add("intel/places.mmdb", new MmdbWriter("country").Write("198.51.100.0/24", new() { ["country_code"] = "JP" }));
        var finding = await OnlyFinding(scratch.Add("trail.json", Call), "--intel", lists);
        Assert.Equal("Recon:IAMUser/MaliciousIPCaller", finding.GetProperty("type").GetString());
        Assert.Contains("\"countryCode\":\"JP\"", finding.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_state_folder_gives_its_findings_again_without_reading_an_object_twice()
    {
        using var scratch = new Scratch();
        string[] arguments = [scratch.Add("trail.json", Call), "--intel", AddLists(scratch), "--state", Path.Combine(scratch.Path, "state")];
        var first = await OnlyFinding(arguments);
        var second = await OnlyFinding(arguments);
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(1, second.GetProperty("service").GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Flow_logs_in_Parquet_are_read()
    {
        using var scratch = new Scratch();
        using var bytes = new MemoryStream();
        DataField[] texts = [new DataField<string>("account_id"), new DataField<string>("interface_id"), new DataField<string>("srcaddr"), new DataField<string>("dstaddr"), new DataField<string>("action"), new DataField<string>("log_status")];
        DataField[] numbers = [new DataField<int>("srcport"), new DataField<int>("dstport"), new DataField<int>("protocol")];
        DataField[] longs = [new DataField<long>("packets"), new DataField<long>("bytes"), new DataField<long>("start", true), new DataField<long>("end", true)];
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. texts, .. numbers, .. longs]), bytes))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, value) in texts.Zip(["111122223333", "eni-1", "10.0.0.5", Listed, "ACCEPT", "OK"])) await group.WriteAsync(field, new[] { value });
            foreach (var (field, value) in numbers.Zip([40_000, 443, 6])) await group.WriteAsync<int>(field, new[] { value });
            foreach (var (field, value) in longs.Take(2).Zip([20L, 4_000L])) await group.WriteAsync<long>(field, new[] { value });
            foreach (var (field, value) in longs.Skip(2).Zip([1_700_000_000L, 1_700_000_060L])) await group.WriteAsync<long>(field, new long?[] { value }.AsMemory());
        }
        scratch.Add("intel/c2.txt", Encoding.UTF8.GetBytes(Listed));
        var finding = await OnlyFinding(scratch.Add("AWSLogs/111122223333/vpcflowlogs/us-east-1/2023/11/14/x.log.parquet", bytes.ToArray()), "--intel", Path.Combine(scratch.Path, "intel"));
        Assert.Equal("Backdoor:EC2/C&CActivity.B", finding.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_bucket_is_read_with_the_usual_credentials()
    {
        await moto.Start();
        using var scratch = new Scratch();
        await moto.Client.PutBucketAsync("trail-logs");
        await moto.Client.PutObjectAsync(new() { BucketName = "trail-logs", Key = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/02/01/a.json", ContentBody = Encoding.UTF8.GetString(Call) });
        var environment = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = moto.Endpoint.ToString(), ["AWS_REGION"] = "us-east-1",
            ["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE", ["AWS_SECRET_ACCESS_KEY"] = "any",
        };
        var finding = await OnlyFinding(environment, "s3://trail-logs/AWSLogs", "--intel", AddLists(scratch));
        Assert.Equal("Recon:IAMUser/MaliciousIPCaller", finding.GetProperty("type").GetString());
    }
}
