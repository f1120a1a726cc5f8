using System.Text;
using Yagura.Intel;
using Yagura.Logs;
using Yagura.Logs.Json;

namespace Yagura.Detectors.Tests;

/// <summary>Lines of flow and resolver logs, read as a scan reads them and shown to a detector.</summary>
internal static class NetworkLogs
{
    public const string FlowHeader =
        "account-id interface-id instance-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags packets bytes start end action flow-direction region";

    /// <summary>One flow of an interface without a known instance, in the order of <see cref="FlowHeader"/>.</summary>
    /// <param name="flow"><c>srcaddr srcport dstaddr dstport protocol tcp-flags action flow-direction</c>.</param>
    /// <param name="packet"><c>pkt-srcaddr pkt-dstaddr</c>; "-" twice where the format does not have them.</param>
    public static string Flow(string flow, string packet = "- -")
    {
        var f = flow.Split(' ');
        return $"{FlowHeader}\n111122223333 eni-0a1b2c3d4e5f60718 - {f[0]} {f[2]} {packet} {f[1]} {f[3]} {f[4]} {f[5]} 10 840 1767225600 1767225660 {f[6]} {f[7]} us-east-1\n";
    }

    /// <summary>One query of an instance.</summary>
    public static string Query(string name, string answers = "[]", string more = "\"srcids\":{\"instance\":\"i-0a1b2c3d4e5f60718\"}") =>
        $$"""{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0a1b2c3d","query_timestamp":"2026-01-01T00:00:00Z","query_name":"{{name}}","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":{{answers}},"srcaddr":"10.0.0.5","srcport":"51234","transport":"UDP",{{more}}}""";

    public static Knowledge Knowing(params (string Name, ThreatCategory Category, string Entries)[] lists) =>
        Knowledge.Nothing with { Intel = IntelSnapshot.Create([.. lists.Select(l => ThreatListReader.Read(l.Name, l.Category, Encoding.UTF8.GetBytes(l.Entries)))]) };

    public static List<Detection> Detect(this Detector<FlowRecord> detector, Knowledge knowledge, string lines)
    {
        var found = new Found();
        Read(lines, flow: flow =>
        {
            var before = found.All.Count;
            detector.Detect(flow, knowledge, found);
            // What a detector says of a flow that it would not be shown would be lost in a scan.
            Assert.True(found.All.Count == before || !detector.ListedEndsOnly || FlowFacts.HasListedEnd(flow, knowledge.Intel));
        });
        return found.All;
    }

    public static List<Detection> Detect(this Detector<DnsQuery> detector, Knowledge knowledge, string lines)
    {
        var found = new Found();
        Read(lines, query: query => detector.Detect(query, knowledge, found));
        return found.All;
    }

    /// <summary>Shows every record to whom it concerns; a line that is not read as a record fails the test.</summary>
    public static void Read(string lines, Action<FlowRecord>? flow = null, Action<DnsQuery>? query = null) =>
        new LogObject(new(FlowFormat: null, Projection.Known)).Read(new MemoryStream(Encoding.UTF8.GetBytes(lines)), "lines", new Sink(flow, query), CancellationToken.None);

    private sealed class Found : IDetections
    {
        public List<Detection> All { get; } = [];
        public void Add(Detection detection) => All.Add(detection);
    }

    private sealed class Sink(Action<FlowRecord>? flow, Action<DnsQuery>? query) : ILogSink
    {
        public void Handle(ApiCall call) => Assert.Fail("an API call");
        public void Handle(FlowRecord record) => flow!(record);
        public void Handle(DnsQuery record) => query!(record);
        public void Quarantine(in Misfit misfit) => Assert.Fail($"line {misfit.Record}: {misfit.Field} {misfit.Reason}");
        public void Skip(LogType logType, string reason, long records = 1) => Assert.Fail($"{logType} {reason}");
    }
}
