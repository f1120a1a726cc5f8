using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core.Findings;

namespace Yagura.Tests.Core.Findings;

public sealed class FindingJsonTests
{
    [Fact]
    public void The_envelope_has_the_keys_of_the_real_service_in_their_order() =>
        Assert.Equal(
            ["schemaVersion", "accountId", "region", "partition", "id", "arn", "type", "resource", "service", "severity", "createdAt", "updatedAt", "title", "description", "yagura"],
            Keys(Json(SampleFindings.ApiCall)));

    [Fact]
    public void An_api_call_is_written_whole() => Snapshot.Match("api-call.guardduty.json", Pretty(SampleFindings.ApiCall));

    [Fact]
    public void A_network_connection_is_written_whole() => Snapshot.Match("connection.guardduty.json", Pretty(SampleFindings.Connection));

    [Fact]
    public void A_dns_request_is_written_whole() => Snapshot.Match("dns.guardduty.json", Pretty(SampleFindings.Dns));

    [Fact]
    public void Unusual_behaviour_is_written_whole() => Snapshot.Match("behaviour.guardduty.json", Pretty(SampleFindings.Behaviour));

    [Fact]
    public void A_dot_in_the_name_of_additional_info_opens_an_object()
    {
        var service = SampleFindings.Connection.Service with { AdditionalInfo = [new("unusual.port", "4444"), new("localPort", "22"), new("unusual.asnOrg", "Example")] };
        var finding = SampleFindings.Connection with { Service = service };
        var info = Json(finding).GetProperty("service").GetProperty("additionalInfo");
        Assert.Equal("""{"unusual":{"port":"4444","asnOrg":"Example"},"localPort":"22"}""", info.GetProperty("value").GetString());
        Assert.Equal("4444", info.GetProperty("unusual").GetProperty("port").GetString());
        Assert.True(FindingJson.TryRead(FindingJson.ToUtf8(finding), out var back, out _));
        Assert.Equal([new("unusual.port", "4444"), new("unusual.asnOrg", "Example"), new("localPort", "22")], back.Service.AdditionalInfo);
    }

    [Fact]
    public void An_anomaly_comes_back_as_it_was_to_three_places()
    {
        var anomaly = SampleFindings.Behaviour.Explanation.Anomaly!;
        Assert.True(FindingJson.TryRead(FindingJson.ToUtf8(SampleFindings.Behaviour), out var back, out var error), error);
        Assert.Equivalent(anomaly with { Score = 21.457, Parts = [anomaly.Parts[0] with { Score = 11.257 }, .. anomaly.Parts.Skip(1)] }, back.Explanation.Anomaly, strict: true);
    }

    /// <summary>The keys are those of the schema that EventBridge's registry has of a finding.</summary>
    [Fact]
    public void Behaviour_is_told_in_the_names_of_the_real_service()
    {
        var kinds = Enum.GetValues<BehaviourKind>();
        var all = kinds.SelectMany(kind => Enum.GetValues<BehaviourScope>().Select(scope => new UsualValues(kind, scope))).ToList();
        var profile = new BehaviourProfile([], all) { Volumes = [.. Enum.GetValues<VolumeScope>().Select(scope => new CallVolume(scope, 1, 1, 1))] };
        var names = BehaviourLayout.AdditionalInfo(profile).Select(member => member.Key).ToList();
        string[] ofUnusual =
        [
            "APIsAccount", "APIsUserIdentity", "ASNsAccount", "ASNsBucket", "ASNsUserIdentity", "BucketsAccount", "BucketsUserIdentity", "UserAgentsAccount",
            "UserAgentsUserIdentity", "UserNamesAccount", "UserNamesBucket", "UserTypesAccount",
        ];
        string[] ofVolumes = ["Bucket", "BucketUserIdentity", "UserIdentity"];
        IEnumerable<string> expected =
        [
            "anomalies.anomalousAPIs", "unusualBehavior.isUnusualUserIdentity",
            .. ofUnusual.SelectMany(name => (string[])[$"unusualBehavior.unusual{name}Profiling", .. new[] { "rare", "infrequent", "frequent" }.Select(often => $"profiledBehavior.{often}Profiled{name}Profiling")]),
            .. ofVolumes.SelectMany(scope => (string[])
            [
                $"unusualBehavior.numberOfPast24HoursAPIs{scope}Profiling", $"profiledBehavior.numberOfHistoricalDailyAvgAPIs{scope}Profiling",
                $"profiledBehavior.numberOfHistoricalDailyMaxAPIs{scope}Profiling",
            ]),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_attack_sequence_is_written_whole() => Snapshot.Match("sequence.guardduty.json", Pretty(SampleFindings.Sequence));

    [Fact]
    public void Additional_info_is_one_json_text_with_its_members_beside_it()
    {
        var info = Json(SampleFindings.Connection).GetProperty("service").GetProperty("additionalInfo");
        Assert.Equal("""{"threatListName":"c2.txt"}""", info.GetProperty("value").GetString());
        Assert.Equal("default", info.GetProperty("type").GetString());
        Assert.Equal("c2.txt", info.GetProperty("threatListName").GetString());
    }

    [Fact]
    public void Evidence_is_null_where_no_list_took_part() =>
        Assert.Equal(JsonValueKind.Null, Json(SampleFindings.ApiCall).GetProperty("service").GetProperty("evidence").ValueKind);

    [Fact]
    public void Types_stay_searchable_in_the_text() => Assert.Contains("\"Backdoor:EC2/C&CActivity.B\"", FindingJson.ToJson(SampleFindings.Connection), StringComparison.Ordinal);

    [Fact]
    public void A_bucket_outside_the_standard_partition_has_an_arn_of_its_own_partition()
    {
        var finding = SampleFindings.ApiCall with { Region = "cn-north-1" };
        Assert.Equal("arn:aws-cn:s3:::example-bucket", Json(finding).GetProperty("resource").GetProperty("s3BucketDetails")[0].GetProperty("arn").GetString());
        Assert.StartsWith("arn:aws-cn:guardduty:cn-north-1:111122223333:detector/", finding.Arn, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_can_be_read_and_written_again_without_a_difference() => SampleFindings.Any.Sample(finding =>
    {
        var json = FindingJson.ToJson(finding);
        Assert.DoesNotContain('\n', json);
        Assert.True(FindingJson.TryRead(Encoding.UTF8.GetBytes(json), out var back, out var error), error);
        Assert.Equal(json, FindingJson.ToJson(back));
        Assert.Equal(finding.Type, back.Type);
        Assert.Equal(finding.Service.Count, back.Service.Count);
        Assert.Equal(finding.Service.EventLastSeen, back.Service.EventLastSeen);
        Assert.Equal(finding.Resource.ResourceType, back.Resource.ResourceType);
        Assert.Equal(finding.Service.Action!.GetType(), back.Service.Action?.GetType());
    });

    [Fact]
    public void An_attack_sequence_has_no_action_and_is_read_back_whole()
    {
        var json = Json(SampleFindings.Sequence);
        Assert.False(json.GetProperty("service").TryGetProperty("action", out _));
        Assert.False(json.GetProperty("service").TryGetProperty("resourceRole", out _));
        Assert.Equal(["resourceType"], Keys(json.GetProperty("resource")));
        foreach (var finding in new[] { SampleFindings.Sequence, SampleFindings.Dns with { AssociatedAttackSequenceArn = SampleFindings.Sequence.Arn } })
        {
            Assert.True(FindingJson.TryRead(FindingJson.ToUtf8(finding), out var back, out var error), error);
            Assert.Equal(FindingJson.ToJson(finding), FindingJson.ToJson(back));
            Assert.Equal(finding.AssociatedAttackSequenceArn, back.AssociatedAttackSequenceArn);
        }
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00b\0\u0001\r\n\"\\</script>")]
    public void Text_that_is_no_unicode_becomes_the_replacement_character(string text)
    {
        var connection = SampleFindings.Connection;
        var finding = connection with { Title = text, Service = connection.Service with { AdditionalInfo = [new("context", text)] } };
        var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.True(FindingJson.TryRead(FindingJson.ToUtf8(finding), out var back, out _));
        Assert.Equal(expected, back.Title);
        Assert.Equal([new("context", expected)], back.Service.AdditionalInfo);
    }

    [Fact]
    public void Reading_damaged_json_says_why_and_never_throws() => Gen.Select(SampleFindings.Any, Gen.Int[0, 5000], Gen.Byte).Sample((finding, at, value) =>
    {
        var json = FindingJson.ToUtf8(finding);
        json[at % json.Length] = value;
        Assert.NotEqual(FindingJson.TryRead(json, out _, out var error), error is not null);
        Assert.NotEqual(FindingJson.TryRead(json.AsMemory(0, at % json.Length), out _, out error), error is not null);
    });

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "type: missing")]
    [InlineData("""{"type":"nonsense"}""", "type: not the name of a finding type")]
    [InlineData("""{"type":7}""", "type: not a text")]
    [InlineData("{\"type\":\"a:b/c\",\"accountId\":\"\\ud800\"}", "a text holds an escape that is no character")]
    public void A_misfit_is_named(string json, string expected)
    {
        Assert.False(FindingJson.TryRead(Encoding.UTF8.GetBytes(json), out _, out var error));
        Assert.Equal(expected, error);
    }

    /// <summary>The counterpart is the model that the AWS CLI and boto3 parse with: each key we write outside our own block must be known to it.</summary>
    [Fact]
    public void The_parser_of_boto3_understands_every_key()
    {
        const string Script = """
            import json, sys
            import botocore.session
            from botocore.parsers import create_parser
            model = botocore.session.get_session().get_service_model("guardduty")
            operation = model.operation_model("GetFindings")
            finding = model.shape_for("Finding")
            def unknown(value, shape, path):
                if shape.type_name == "structure":
                    names = {m.serialization.get("name", k): m for k, m in shape.members.items()}
                    for key in value or {}:
                        if key not in names: yield path + "." + key
                        else: yield from unknown(value[key], names[key], path + "." + key)
                elif shape.type_name == "list":
                    for item in value or []: yield from unknown(item, shape.member, path)
                elif shape.type_name == "map":
                    for key in value or {}: yield from unknown(value[key], shape.value, path + "." + key)
                elif not isinstance(value, {"string": str, "boolean": bool, "integer": int, "double": (int, float), "timestamp": (int, float)}[shape.type_name]):
                    yield path + " is no " + shape.type_name
            for line in sys.stdin:
                tree = json.loads(line)
                del tree["yagura"]
                info = tree["service"]["additionalInfo"]
                for extra in set(info) - {"value", "type"}: del info[extra]
                for path in unknown(tree, finding, "finding"): print(path)
                body = json.dumps({"findings": [tree]}).encode()
                parsed = create_parser("rest-json").parse({"body": body, "headers": {}, "status_code": 200}, operation.output_shape)
                assert parsed["Findings"][0]["Type"] == tree["type"]
                for bucket in parsed["Findings"][0]["Resource"].get("S3BucketDetails", []): bucket.get("CreatedAt") and bucket["CreatedAt"].isoformat()
            print("done")
            """;
        Assert.Equal("done", Botocore.Run(Script, SampleFindings.Some(50).Select(FindingJson.ToJson)));
    }

    private static JsonElement Json(Finding finding) => JsonDocument.Parse(FindingJson.ToUtf8(finding)).RootElement;

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private static string Pretty(Finding finding) => SnapshotText.Of(Json(finding));
}
