using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Logs.S3Access;
using Yagura.Tests;

namespace Yagura.Logs.Tests;

public sealed class S3AccessReaderTests
{
    private const string Owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
    private const string Tail = "- s9lzHYrFp76ZVxRcpX9= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket.s3.us-west-1.amazonaws.com TLSv1.2 - -";

    private static string Line(
        string operation = "REST.GET.OBJECT", string key = "photos/cat.jpg", string requester = Owner, string remote = "192.0.2.3",
        string uri = "\"GET /photos/cat.jpg HTTP/1.1\"", string status = "200", string error = "-", string referer = "\"-\"", string agent = "\"S3Console/0.4\"",
        string tail = Tail, string time = "[06/Feb/2019:00:00:38 +0000]") =>
        $"{Owner} amzn-s3-demo-bucket {time} {remote} {requester} 3E57427F3EXAMPLE {operation} {key} {uri} {status} {error} 113 4096 7 5 {referer} {agent} {tail}".TrimEnd();

    private static Gathered.Call Read(string line)
    {
        var read = Gathered.From(line);
        Assert.Empty(read.Misfits);
        return Assert.Single(read.Calls);
    }

    [Fact]
    public void A_line_is_told_in_the_words_of_CloudTrail()
    {
        var call = Read(Line());

        Assert.Equal((LogType.S3Access, 1L, "192.0.2.3", ""), (call.LogType, call.Record, call.Address.ToString(), call.Account));
        Assert.Equal(new DateTimeOffset(2019, 2, 6, 0, 0, 38, TimeSpan.Zero), call.Time);
        Assert.Equal(Line(), call.Raw);
        Assert.Equal("2019-02-06T00:00:38Z", call[ApiField.EventTime]);
        Assert.Equal(("s3.amazonaws.com", "GetObject", "true"), (call[ApiField.EventSource], call[ApiField.EventName], call[ApiField.ReadOnly]));
        Assert.Equal(("AWSAccount", Owner), (call[ApiField.UserType], call[ApiField.PrincipalId]));
        Assert.Equal(("3E57427F3EXAMPLE", "S3Console/0.4", "192.0.2.3"), (call[ApiField.RequestId], call[ApiField.UserAgent], call[ApiField.SourceIpAddress]));
        Assert.Equal("""{"bucketName":"amzn-s3-demo-bucket","key":"photos/cat.jpg"}""", call[ApiField.RequestParameters]);
        Assert.Equal("", call[ApiField.ErrorCode]);
    }

    [Theory]
    [InlineData("-", "AWSAccount", "ANONYMOUS_PRINCIPAL", "", "")]
    [InlineData("arn:aws:iam::111122223333:user/team/alice", "IAMUser", "", "arn:aws:iam::111122223333:user/team/alice", "alice")]
    [InlineData("arn:aws:iam::111122223333:root", "Root", "", "arn:aws:iam::111122223333:root", "")]
    [InlineData("arn:aws:sts::111122223333:assumed-role/reader/i-0123456789abcdef0", "AssumedRole", "", "arn:aws:sts::111122223333:assumed-role/reader/i-0123456789abcdef0", "")]
    [InlineData("arn:aws:sts::111122223333:federated-user/bob", "FederatedUser", "", "arn:aws:sts::111122223333:federated-user/bob", "")]
    [InlineData("svc:delivery.logs.amazonaws.com", "AWSService", "", "", "")]
    public void The_requester_becomes_an_identity(string requester, string type, string principal, string arn, string user)
    {
        var call = Read(Line(requester: requester));

        Assert.Equal((type, principal, arn, user), (call[ApiField.UserType], call[ApiField.PrincipalId], call[ApiField.UserArn], call[ApiField.UserName]));
        Assert.Equal("", call.Account);
        Assert.Equal(type == "AssumedRole" ? ("111122223333", "reader") : ("", ""), (call[ApiField.IssuerAccountId], call[ApiField.IssuerUserName]));
    }

    [Theory]
    [InlineData("REST.GET.BUCKET", "-", "ListObjects", "true")]
    [InlineData("REST.HEAD.OBJECT", "k", "HeadObject", "true")]
    [InlineData("REST.PUT.OBJECT", "k", "PutObject", "false")]
    [InlineData("REST.DELETE.OBJECT", "k", "DeleteObject", "false")]
    [InlineData("BATCH.DELETE.OBJECT", "k", "DeleteObject", "false")]
    [InlineData("WEBSITE.GET.OBJECT", "k", "GetObject", "true")]
    [InlineData("REST.COPY.OBJECT_GET", "k", "CopyObject", "true")]
    [InlineData("REST.COPY.OBJECT", "k", "CopyObject", "false")]
    [InlineData("REST.POST.MULTI_OBJECT_DELETE", "-", "DeleteObjects", "false")]
    [InlineData("REST.GET.ACL", "-", "GetBucketAcl", "true")]
    [InlineData("REST.GET.ACL", "k", "GetObjectAcl", "true")]
    [InlineData("REST.PUT.ACL", "k", "PutObjectAcl", "false")]
    [InlineData("REST.PUT.BUCKETPOLICY", "-", "PutBucketPolicy", "false")]
    [InlineData("REST.POST.UPLOADS", "k", "CreateMultipartUpload", "false")]
    [InlineData("REST.GET.A_LATER_THING", "-", "REST.GET.A_LATER_THING", "true")]
    [InlineData("REST.PUT.A_LATER_THING", "-", "REST.PUT.A_LATER_THING", "false")]
    [InlineData("S3.EXPIRE.OBJECT", "k", "S3.EXPIRE.OBJECT", "false")]
    public void Operations_have_the_names_of_events_where_there_are_such(string operation, string key, string name, string readOnly)
    {
        var call = Read(Line(operation, key));

        Assert.Equal((name, readOnly), (call[ApiField.EventName], call[ApiField.ReadOnly]));
    }

    [Theory]
    [InlineData("200", "-", "")]
    [InlineData("304", "NotModified", "")]
    [InlineData("403", "AccessDenied", "AccessDenied")]
    [InlineData("404", "-", "404")]
    [InlineData("-", "-", "")]
    public void A_status_of_400_and_more_is_a_failure(string status, string error, string code) =>
        Assert.Equal(code, Read(Line(status: status, error: error))[ApiField.ErrorCode]);

    [Theory]
    [InlineData("\"GET /a\"b HTTP/1.1\"", "\"-\"", "\"tool\"", "tool")]
    [InlineData("\"GET /a\" 200 b HTTP/1.1\"", "\"-\"", "\"tool\"", "tool")]
    [InlineData("\"GET /a HTTP/1.1\"", "\"https://e.example/?q=\"x\"\"", "\"a \"quoted\" tool (x; \"y\")\"", "a \"quoted\" tool (x; \"y\")")]
    [InlineData("\"GET /a HTTP/1.1\"", "\"-\"", "\"\"", "")]
    [InlineData("\"GET /a HTTP/1.1\"", "-", "\"tool\"", "tool")]
    [InlineData("\"GET /a HTTP/1.1\"", "\"https://e.example/\"", "-", "")]
    [InlineData("-", "-", "-", "")]
    [InlineData("\"GET /a HTTP/1.1\"", "\"-\"", "\"tab\tbed\"", "tab\tbed")]
    public void Quotes_within_quoted_fields_do_not_end_them(string uri, string referer, string agent, string expected)
    {
        var call = Read(Line(uri: uri, referer: referer, agent: agent, status: "403", error: "AccessDenied"));

        Assert.Equal((expected, "AccessDenied"), (call[ApiField.UserAgent], call[ApiField.ErrorCode]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("- hostid= SigV4")]
    [InlineData(Tail + " us-east-1 and-more of-later-years")]
    public void Lines_of_earlier_and_of_later_years_are_read(string tail) => Assert.Equal("S3Console/0.4", Read(Line(tail: tail))[ApiField.UserAgent]);

    [Theory]
    [InlineData("[06/Feb/2019:09:00:38 +0900]", true)]
    [InlineData("[05/Feb/2019:19:30:38 -0430]", true)]
    [InlineData("[30/Feb/2019:00:00:38 +0000]", false)]
    [InlineData("[06/Abc/2019:00:00:38 +0000]", false)]
    [InlineData("[06/anF/2019:00:00:38 +0000]", false)]
    [InlineData("[06/Feb/2019:24:00:38 +0000]", false)]
    [InlineData("[06/Feb/2019:00:00:38]", false)]
    public void Times_carry_an_offset(string time, bool valid)
    {
        Assert.Equal(valid, S3AccessReader.TryTime(Encoding.UTF8.GetBytes(time), out var read));
        if (valid) Assert.Equal(new DateTimeOffset(2019, 2, 6, 0, 0, 38, TimeSpan.Zero), read);
    }

    [Theory]
    [InlineData("[06/Foo/2019:00:00:38 +0000]", "200", "time")]
    [InlineData("[06/Feb/2019:00:00:38 +0000]", "2000", "request-uri")]
    public void A_line_that_does_not_fit_is_quarantined_with_its_fields_name(string time, string status, string field)
    {
        var read = Gathered.From($"{Line()}\n{Line(time: time, status: status)}\n{Line()}\n");

        Assert.Equal((2, 2L, field), (read.Calls.Count, Assert.Single(read.Misfits).Record, read.Misfits[0].Field));
    }

    [Fact]
    public void Bucket_and_key_are_written_as_JSON_whatever_they_hold() =>
        Gen.String[Gen.OneOf(Gen.Char['!', '~'], Gen.OneOf('"', '\\', 'é', '日', '\t')), 1, 50].Sample(key =>
        {
            using var json = JsonDocument.Parse(Read(Line(key: key))[ApiField.RequestParameters]);
            Assert.Equal(key == "-" ? null : key, json.RootElement.TryGetProperty("key", out var read) ? read.GetString() : null);
        });

    [Fact]
    public void What_clients_send_cannot_make_it_throw() =>
        Gen.Select(Gen.String[Gen.OneOf('"', ' ', '-', '2', 'x'), 0, 40], Gen.String[Gen.OneOf('"', ' ', '-', '2', 'x'), 0, 40]).Sample((uri, agent) =>
        {
            var read = Gathered.From($"{Line()}\n{Line(uri: $"\"{uri}\"", agent: $"\"{agent}\"")}");
            Assert.Equal(2, read.Records);
        });

    [Fact]
    public void Damage_costs_the_damaged_line_only() => Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Sample((at, value) =>
    {
        var content = Encoding.UTF8.GetBytes($"{Line()}\n{Line()}\n{Line()}\n{Line()}");
        content[at % content.Length] = value;
        var read = Gathered.From(content);
        Assert.InRange(read.Calls.Count, 2, 4);
        Assert.InRange(read.Records, 3, 5);
    });

    [Theory]
    [InlineData("GetObject", S3OperationKind.Read)]
    [InlineData("CopyObject", S3OperationKind.Read)]
    [InlineData("SelectObjectContent", S3OperationKind.Read)]
    [InlineData("GetObjectTorrent", S3OperationKind.Read)]
    [InlineData("ListObjectsV2", S3OperationKind.Discovery)]
    [InlineData("HeadBucket", S3OperationKind.Discovery)]
    [InlineData("GetObjectAcl", S3OperationKind.Discovery)]
    [InlineData("GetObjectAttributes", S3OperationKind.Discovery)]
    [InlineData("GetBucketPolicyStatus", S3OperationKind.Discovery)]
    [InlineData("REST.GET.A_LATER_THING", S3OperationKind.Discovery)]
    [InlineData("PutObjectAcl", S3OperationKind.Write)]
    [InlineData("RestoreObject", S3OperationKind.Write)]
    [InlineData("UploadPartCopy", S3OperationKind.Write)]
    [InlineData("S3.EXPIRE.OBJECT", S3OperationKind.Write)]
    public void Operations_are_of_three_kinds(string name, S3OperationKind kind) => Assert.Equal(kind, S3Operations.Kind(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("HeadBucket", true)]
    [InlineData("ListObjectsV2", true)]
    [InlineData("PutObject", true)]
    [InlineData("GetBucketObjectLockConfiguration", false)]
    [InlineData("ListBuckets", false)]
    [InlineData("PutBucketPolicy", false)]
    public void Data_events_are_known_by_name(string name, bool data)
    {
        Assert.Equal(data, S3Operations.IsData("s3.amazonaws.com"u8, Encoding.UTF8.GetBytes(name)));
        Assert.False(S3Operations.IsData("ec2.amazonaws.com"u8, Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void Real_access_logs_are_read_whole()
    {
        var read = Gathered.From(RealLogs.Read("otel-format-samples/s3_server_access.log"));

        Assert.Empty(read.Misfits);
        Assert.Equal(["GetBucketVersioning", "GetBucketLogging", "GetBucketPolicy"], read.Calls.Select(call => call[ApiField.EventName]));
        Assert.Equal(["", "", "NoSuchBucketPolicy"], read.Calls.Select(call => call[ApiField.ErrorCode]));
    }
}
