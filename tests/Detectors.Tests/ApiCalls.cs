using System.Text;
using System.Text.Json.Nodes;
using Yagura.Intel;
using Yagura.Logs;
using Yagura.Logs.Json;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

/// <summary>CloudTrail events told in a few words, and what detectors say of them.</summary>
internal static class ApiCalls
{
    public const string User = "arn:aws:iam::111122223333:user/ada";

    // The request is put in as it is written, for it may hold what no JSON writer would write.
    private const string Request = "(request)";

    /// <summary>Knows the lists in <c>intel/</c>.</summary>
    public static Knowledge Lists { get; } = Knowledge.Nothing with { Intel = IntelFolder.Load(Repository.Path("tests/Detectors.Tests/intel")).Snapshot };

    /// <summary>A management event of an IAM user.</summary>
    /// <param name="source">The service, without <c>.amazonaws.com</c>.</param>
    /// <param name="request">JSON of the request parameters.</param>
    /// <param name="other">JSON object of members that are added or replace others; null removes one.</param>
    public static string Event(string source, string name, string request = "null", string other = "{}")
    {
        var call = JsonNode.Parse($$"""
            {
              "eventVersion": "1.08",
              "userIdentity": {
                "type": "IAMUser", "principalId": "AIDAEXAMPLEADA", "arn": "{{User}}", "accountId": "111122223333",
                "accessKeyId": "AKIAI44QH8DHBEXAMPLE", "userName": "ada"
              },
              "eventTime": "2026-03-01T10:00:00Z", "eventSource": "{{source}}.amazonaws.com", "eventName": "{{name}}", "awsRegion": "eu-west-1",
              "sourceIPAddress": "203.0.113.5", "userAgent": "aws-cli/2.15.0", "requestParameters": "{{Request}}", "responseElements": null,
              "requestID": "0A1B2C3D4E5F6071", "eventID": "{{name}}-1", "readOnly": false, "eventType": "AwsApiCall",
              "managementEvent": true, "recipientAccountId": "111122223333", "eventCategory": "Management"
            }
            """)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(other)!.AsObject())
        {
            if (value is null) call.Remove(key);
            else call[key] = value.DeepClone();
        }
        return call.ToJsonString().Replace($"\"{Request}\"", request, StringComparison.Ordinal);
    }

    /// <summary>What a detector says of events, as the engine shows them to it.</summary>
    public static IReadOnlyList<Detection> Detect(Detector<ApiCall> detector, Knowledge knowledge, params string[] events)
    {
        var found = new Found();
        Read(call =>
        {
            if (detector.EventNames.Count == 0 || detector.EventNames.Contains(Utf8.Text(call.Name), StringComparer.Ordinal)) detector.Detect(call, knowledge, found);
        }, events);
        return found.Detections;
    }

    public static IReadOnlyList<Detection> Detect(Detector<ApiCall> detector, params string[] events) => Detect(detector, Knowledge.Nothing, events);

    public static void Read(Action<ApiCall> handle, params string[] events)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', events)));
        var sink = new Sink(handle);
        new JsonLogReader(Projection.Known).Read(content, default, sink, embedded: null, CancellationToken.None);
        Assert.Equal(events.Length, sink.Calls);
    }

    private sealed class Found : IDetections
    {
        public List<Detection> Detections { get; } = [];
        public void Add(Detection detection) => Detections.Add(detection);
    }

    private sealed class Sink(Action<ApiCall> handle) : ILogSink
    {
        public int Calls { get; private set; }

        public void Handle(ApiCall call)
        {
            Calls++;
            handle(call);
        }

        public void Handle(FlowRecord flow) => Assert.Fail("a flow record among API calls");
        public void Handle(DnsQuery query) => Assert.Fail("a DNS query among API calls");
        public void Quarantine(in Misfit misfit) => Assert.Fail($"record {misfit.Record}: {misfit.Reason}");
        public void Skip(LogType logType, string reason, long records) => Assert.Fail($"skipped: {reason}");
    }
}
