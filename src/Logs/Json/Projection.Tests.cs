using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Yagura.Logs.CloudTrail;
using Yagura.Logs.Json;

namespace Yagura.Logs.Tests;

public sealed class ProjectionTests
{
    private static readonly string[] Extra = ["requestParameters.bucketName", "requestParameters.a.b", "tlsDetails.tlsVersion", "apiVersion", "userIdentity", "region"];

    private static string Read(string json, params string[] paths)
    {
        var projection = new Projection(paths);
        var call = Collected.Read(Encoding.UTF8.GetBytes("""{"eventTime":"2026-02-01T09:30:00Z","eventName":"E",""" + json[1..]), projection: projection).Analysed[0];
        return call[(call.IndexOf("EventName=E", StringComparison.Ordinal) + 11)..].Trim();
    }

    [Fact]
    public void Further_paths_follow_the_known_fields() =>
        Assert.Equal("""RequestParameters={"bucketName":"b\"","a":{"b":[1, 2]}} 41=b" 42=[1, 2] 43=""", Read("""{"requestParameters":{"bucketName":"b\"","a":{"b":[1, 2]}}}""", "requestParameters.bucketName", "requestParameters.a.b", "x.y"));

    [Fact]
    public void A_path_that_is_known_already_shares_its_slot()
    {
        var projection = new Projection("userAgent", "apiVersion", "requestParameters.x", "apiVersion");
        Assert.Equal((int)ApiField.UserAgent, projection.SlotOf("userAgent"));
        Assert.Equal((int)ApiField.Resources + 1, projection.SlotOf("apiVersion"));
        Assert.Equal((int)ApiField.Resources + 2, projection.SlotOf("requestParameters.x"));
        Assert.Equal(-1, projection.SlotOf("query_name"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    public void A_path_without_a_key_is_refused(string path) => Assert.Throws<ArgumentException>(() => new Projection(path));

    [Fact]
    public void A_key_may_be_written_with_escapes() => Assert.Equal("UserAgent=x", Read("""{"user\u0041gent":"x"}"""));

    [Fact]
    public void Null_is_empty_and_the_last_of_two_values_counts() =>
        Assert.Equal("UserAgent=b", Read("""{"userAgent":"a","userAgent":"b","errorCode":"x","errorCode":null,"requestParameters":null}"""));

    [Fact]
    public void Many_paths_below_one_key_are_told_apart()
    {
        var paths = Enumerable.Range(0, 3000).Select(n => $"requestParameters.{new string('k', n % 40)}{n}").ToArray();
        var projection = new Projection(paths);
        var json = new JsonObject(paths.Select((path, n) => KeyValuePair.Create(path["requestParameters.".Length..], (JsonNode?)n))).ToJsonString();
        var call = Collected.Read(Encoding.UTF8.GetBytes($$"""{"eventTime":"2026-02-01T09:30:00Z","eventName":"E","requestParameters":{{json}} }"""), projection: projection).Analysed[0];
        Assert.EndsWith(string.Join(' ', paths.Select((path, n) => $"{projection.SlotOf(path)}={n}")), call, StringComparison.Ordinal);
    }

    private static readonly Gen<string> Text = Gen.Char["ab{}[]\":,\\\n é日"].Array[0, 40].Select(chars => new string(chars));

    private static readonly Gen<JsonNode?> Value = Gen.Frequency(
        (6, Text.Select(text => (JsonNode?)text)), (1, Gen.Int.Select(n => (JsonNode?)n)), (1, Gen.Bool.Select(b => (JsonNode?)b)), (1, Gen.Const((JsonNode?)null)),
        (1, Text.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => (JsonNode?)item)]))),
        (1, Text.Select(text => (JsonNode?)new JsonObject { ["x"] = text, ["eventName"] = "inner" })));

    private static readonly string[] Keys = [.. CloudTrailRecord.Paths, .. Extra, "unknown", "userIdentity.unknown.arn", "sessionContext"];

    /// <summary>Events with any of the known and further paths, and with keys that nobody asks for in between.</summary>
    private static readonly Gen<byte[]> Event = Gen.Select(
        Gen.Select(Gen.Int[0, Keys.Length - 1].Select(key => Keys[key]), Value).Array[0, 60], Gen.Bool, Gen.Bool).Select((fields, indented, relaxed) =>
    {
        var root = new JsonObject();
        foreach (var (path, value) in fields.Append(("eventTime", (JsonNode?)"2026-02-01T09:30:00Z")).Append(("eventName", (JsonNode?)"E")))
        {
            var keys = path.Split('.');
            var at = root;
            foreach (var key in keys[..^1])
            {
                if (at[key] is not JsonObject next) at[key] = next = new JsonObject();
                at = next;
            }
            at[keys[^1]] = value?.DeepClone();
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString(new JsonSerializerOptions { WriteIndented = indented, Encoder = relaxed ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null }));
    });

    [Fact]
    public void Every_slot_holds_what_JsonDocument_finds_at_its_path() => Event.Sample(
        json =>
        {
            var projection = new Projection(Extra);
            var sink = new Slots(projection, [.. CloudTrailRecord.Paths, .. Extra]);
            new JsonLogReader(projection).Read(new MemoryStream(json), [], sink, null, default);
            using var document = JsonDocument.Parse(json);
            Assert.NotEmpty(sink.Seen);
            foreach (var (path, text) in sink.Seen) Assert.Equal((path, Plain(document.RootElement, path)), (path, text));
        },
        iter: 3_000);

    private static string Plain(JsonElement element, string path)
    {
        foreach (var key in path.Split('.'))
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element)) return "";
        return element.ValueKind switch { JsonValueKind.String => element.GetString()!, JsonValueKind.Null => "", _ => element.GetRawText() };
    }

    private sealed class Slots(Projection projection, string[] paths) : ILogSink
    {
        public List<(string Path, string Text)> Seen { get; } = [];
        public void Handle(ApiCall call) => Seen.AddRange(paths.Select(path => (path, Encoding.UTF8.GetString(call[projection.SlotOf(path)]))));
        public void Handle(FlowRecord flow) => throw new NotSupportedException();
        public void Handle(DnsQuery query) => throw new NotSupportedException();
        public void Quarantine(in Misfit misfit) => throw new NotSupportedException(misfit.Reason);

        // Events that claim to be of a kind that is not analysed.
        public void Skip(LogType logType, string reason, long records = 1) => throw new NotSupportedException(reason);
    }
}
