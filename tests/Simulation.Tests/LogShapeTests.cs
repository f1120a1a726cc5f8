using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Yagura.Simulation.Tests;

/// <summary>The background of one middle-sized corpus against what real logs look like.</summary>
public sealed class LogShapeTests(LogShapeTests.Background corpus) : IClassFixture<LogShapeTests.Background>
{
    private const long Target = 24_000_000;

    public sealed class Background : IDisposable
    {
        public Corpus Logs { get; } = new(new SimulationOptions { Scenario = "none", Profile = "organization", Seed = 7, TargetBytes = Target });
        public void Dispose() => Logs.Dispose();
    }

    private Corpus Logs => corpus.Logs;

    [Fact]
    public void The_size_is_the_one_asked_for() => Assert.InRange(Logs.Result.Bytes, Target * 9 / 10, Target * 11 / 10);

    [Fact]
    public void CloudTrail_files_are_one_line_of_records_of_real_size_that_compress_like_real_ones()
    {
        long raw = 0, compressed = 0, records = 0;
        foreach (var file in Logs.Objects(LogKind.CloudTrail))
        {
            var content = Corpus.Read(file);
            Assert.DoesNotContain((byte)'\n', content);
            raw += content.Length;
            compressed += new FileInfo(file).Length;
            records += Corpus.Parse(Encoding.UTF8.GetString(content)).GetProperty("Records").GetArrayLength();
        }
        Assert.Equal(Logs.Count(LogKind.CloudTrail).Number("records"), records);
        Assert.InRange(raw / (double)records, 1_200, 1_450);
        Assert.InRange(raw / (double)compressed, 3.5, 8); // small files compress worse than large ones
    }

    [Fact]
    public void The_benchmark_corpus_has_thousands_of_principals_and_compresses_like_real_trails()
    {
        using var bench = new Corpus(new SimulationOptions { Scenario = "none", Profile = "bench-cloudtrail", TargetBytes = 48_000_000 });
        var compressed = bench.Objects(LogKind.CloudTrail).Sum(f => new FileInfo(f).Length);
        Assert.InRange(bench.Result.Bytes / (double)compressed, 6, 8);
        var principals = bench.Calls().Select(c => c.Text("userIdentity.sessionContext.sessionIssuer.arn") ?? c.Text("userIdentity.arn")).Distinct();
        Assert.True(principals.Count() > 4_000);
        Assert.Equal(100_000, File.ReadLines(Path.Combine(bench.Folder, Simulator.IntelFolder, "malicious-large.txt")).Count());
    }

    [Fact]
    public void CloudTrail_records_have_the_members_that_every_real_one_has()
    {
        string[] always = ["eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "requestParameters",
            "responseElements", "requestID", "eventID", "readOnly", "eventType", "managementEvent", "recipientAccountId", "eventCategory"];
        Assert.All(Logs.Calls(), call => Assert.All(always, name => Assert.True(call.TryGetProperty(name, out _), name)));
    }

    [Fact]
    public void Callers_and_errors_have_the_shares_of_real_trails()
    {
        var calls = Logs.Calls().ToList();
        double Share(Func<JsonElement, bool> what) => calls.Count(what) / (double)calls.Count;
        Assert.InRange(Share(c => c.Text("errorCode") is not null), 0.10, 0.14);
        Assert.InRange(Share(c => c.Text("userIdentity.type") == "AssumedRole"), 0.45, 0.70);
        Assert.InRange(Share(c => c.Text("userIdentity.type") == "IAMUser"), 0.15, 0.35);
        Assert.InRange(Share(c => c.Text("userIdentity.type") == "AWSService"), 0.08, 0.14);
        Assert.InRange(Share(c => c.Text("eventCategory") == "Data"), 0.05, 0.30);
        Assert.InRange(Share(c => c.Text("readOnly") == "True"), 0.60, 0.95);
        string[] rare = ["AWSAccount", "WebIdentityUser", "SAMLUser", "FederatedUser", "IdentityCenterUser", "Directory", "Unknown", "Root"];
        Assert.All(rare, type => Assert.InRange(Share(c => c.Text("userIdentity.type") == type), 0.0001, 0.01));
        Assert.InRange(calls.Select(c => c.Text("eventSource") + c.Text("eventName")).Distinct().Count(), 60, 110);
    }

    [Fact]
    public void Root_acts_in_the_background_through_services_only() =>
        Assert.All(Logs.Calls().Where(c => c.Text("userIdentity.type") == "Root"), c => Assert.NotNull(c.Text("userIdentity.invokedBy")));

    [Fact]
    public void A_session_of_an_instance_is_seen_at_one_address_or_through_the_own_endpoint()
    {
        var sessions = Logs.Calls()
            .Where(c => c.Text("userIdentity.sessionContext.ec2RoleDelivery") is not null && c.Text("vpcEndpointId") is null)
            .GroupBy(c => c.Text("userIdentity.arn"))
            .ToList();
        Assert.True(sessions.Count > 100);
        Assert.All(sessions, s => Assert.Single(s.Select(c => c.Text("sourceIPAddress")).Distinct()));
        Assert.All(Logs.Calls().Where(c => c.Text("vpcEndpointId") is not null), c => Assert.Equal(c.Text("recipientAccountId"), c.Text("vpcEndpointAccountId")));
    }

    [Fact]
    public void Event_identities_never_repeat_but_in_duplicate_objects()
    {
        var ids = Logs.Objects(LogKind.CloudTrail)
            .GroupBy(f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))))
            .SelectMany(copies => Corpus.Parse(Encoding.UTF8.GetString(Corpus.Read(copies.First()))).GetProperty("Records").EnumerateArray())
            .Select(c => c.Text("eventID"))
            .ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void One_in_twenty_records_comes_late_but_within_a_day()
    {
        foreach (var kind in Enum.GetValues<LogKind>())
            Assert.InRange(Logs.Count(kind).Number("late") / (double)Logs.Count(kind).Number("records"), 0.03, 0.06);
        foreach (var file in Logs.Objects(LogKind.CloudTrail).Take(40))
        {
            var delivered = DateTime.ParseExact(Path.GetFileName(file).Split('_')[3], "yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture);
            var times = Corpus.Parse(Encoding.UTF8.GetString(Corpus.Read(file))).GetProperty("Records").EnumerateArray()
                .Select(c => c.Text("eventTime")!).Where(t => !IsBroken(t)).Select(t => DateTime.ParseExact(t, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            Assert.All(times, t => Assert.InRange(delivered - t, TimeSpan.Zero, TimeSpan.FromHours(24)));
        }
    }

    private static bool IsBroken(string time) => time.Contains("-99-", StringComparison.Ordinal);

    [Fact]
    public void As_many_records_are_broken_as_the_expected_file_says()
    {
        Assert.Equal(Logs.Count(LogKind.CloudTrail).Number("corrupt"), Logs.Calls().Count(c => IsBroken(c.Text("eventTime")!)));
        Assert.Equal(Logs.Count(LogKind.VpcFlow).Number("corrupt"), Logs.Lines(LogKind.VpcFlow).Count(l => l.Split(' ').Length is not (14 or 17 or 23)));
        Assert.Equal(Logs.Count(LogKind.Route53Resolver).Number("corrupt"), Logs.Lines(LogKind.Route53Resolver).Count(l => !l.EndsWith('}')));
        Assert.Equal(Logs.Count(LogKind.S3Access).Number("corrupt"), Logs.Lines(LogKind.S3Access).Count(l => !l.Contains(']', StringComparison.Ordinal)));
        Assert.All(Enum.GetValues<LogKind>(), kind => Assert.True(Logs.Count(kind).Number("corrupt") > 0));
    }

    [Fact]
    public void As_many_objects_are_delivered_twice_as_the_expected_file_says()
    {
        var twice = Enum.GetValues<LogKind>().SelectMany(Logs.Objects)
            .GroupBy(f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))))
            .Count(copies => copies.Count() > 1);
        Assert.Equal(Enum.GetValues<LogKind>().Sum(kind => Logs.Count(kind).Number("duplicateObjects")), twice);
        Assert.True(twice > 0);
    }

    [Fact]
    public void Flow_lines_of_the_default_format_have_the_size_of_real_ones()
    {
        var plain = Logs.Lines(LogKind.VpcFlow).Where(l => l.StartsWith("2 ", StringComparison.Ordinal)).ToList();
        Assert.InRange(plain.Average(l => l.Length + 1.0), 105, 120);
        Assert.Contains(plain, l => l.EndsWith("NODATA", StringComparison.Ordinal));
        Assert.InRange(plain.Count(l => l.Contains(" REJECT ", StringComparison.Ordinal)) / (double)plain.Count, 0.05, 0.20);
    }

    [Fact]
    public void Queries_are_mixed_of_answers_misses_and_reverse_look_ups()
    {
        var queries = Logs.Lines(LogKind.Route53Resolver).Where(l => l.EndsWith('}')).Select(Corpus.Parse).ToList();
        double Share(Func<JsonElement, bool> what) => queries.Count(what) / (double)queries.Count;
        Assert.InRange(Share(q => q.Text("rcode") == "NXDOMAIN"), 0.10, 0.20);
        Assert.InRange(Share(q => q.Text("query_type") == "PTR"), 0.02, 0.06);
        Assert.InRange(Share(q => q.GetProperty("answers").GetArrayLength() > 0), 0.40, 0.80);
        Assert.True(queries.Max(q => q.Text("query_name")!.Length) > 60);
    }
}
