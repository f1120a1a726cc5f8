using System.Buffers.Text;
using Yagura.Core;
using Yagura.Logs.Json;
using Yagura.Logs.Text;

namespace Yagura.Logs.S3Access;

/// <summary>Reads S3 server access logs and tells each line as an <see cref="ApiCall"/> in CloudTrail's words.</summary>
/// <remarks><code>
/// 79a5…owner amzn-s3-demo-bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:aws:iam::111122223333:user/alice 3E57427F3EXAMPLE REST.GET.OBJECT
/// photos/cat.jpg "GET /photos/cat.jpg HTTP/1.1" 200 - 113 4096 7 5 "-" "S3Console/0.4" - s9lzHYrFp76Z= SigV4 ECDHE-RSA-AES128-GCM-SHA256
/// AuthHeader amzn-s3-demo-bucket.s3.us-west-1.amazonaws.com TLSv1.2 - -
/// </code>
/// (one line). Fields in order: bucket owner, bucket, time, remote address, requester, request id, operation, key, request URI, status, error code, bytes sent,
/// object size, total time, turn-around time, referer, user agent, version id, host id, signature version, cipher suite, authentication type, host header,
/// TLS version, access point ARN, ACL required, source region; those behind the user agent came over the years and more may come.
/// The log names no account: <see cref="ApiCall.AccountId"/> is empty. Source: Amazon S3 user guide, "server access log format".</remarks>
internal sealed class S3AccessReader(Projection projection)
{
    private readonly LineBlocks _blocks = new();
    private readonly ApiCall _call = new(projection.ExtraSlots);

    // Of the paths that rules ask for, a line has these two.
    private readonly int _bucketSlot = projection.SlotOf("requestParameters.bucketName"), _keySlot = projection.SlotOf("requestParameters.key");

    // What a line does not say in CloudTrail's form, written anew for each: the time and the request's parameters.
    private byte[] _written = new byte[1024];

    private static readonly byte[] Anonymous = "ANONYMOUS_PRINCIPAL"u8.ToArray(), EventSource = "s3.amazonaws.com"u8.ToArray(), ApiCallType = "AwsApiCall"u8.ToArray(),
        DataCategory = "Data"u8.ToArray(), True = "true"u8.ToArray(), False = "false"u8.ToArray(), AwsAccount = "AWSAccount"u8.ToArray(), AwsService = "AWSService"u8.ToArray(),
        IamUser = "IAMUser"u8.ToArray(), AssumedRole = "AssumedRole"u8.ToArray(), FederatedUser = "FederatedUser"u8.ToArray(), Root = "Root"u8.ToArray(), Role = "Role"u8.ToArray();

    public void Read(Stream content, ReadOnlySpan<byte> head, ILogSink sink, CancellationToken cancel)
    {
        _blocks.Begin(content, head);
        long number = 0;
        while (_blocks.Next(cancel) is var kind and not BlockKind.End)
        {
            var (buffer, start) = (_blocks.Buffer, _blocks.Start);
            if (kind != BlockKind.Lines)
            {
                sink.Quarantine(new(++number, "", TextLine.Reason(kind), buffer.AsSpan(start, _blocks.End - start)));
                continue;
            }
            while (start < _blocks.End)
            {
                var length = buffer.AsSpan(start, _blocks.End - start).IndexOf((byte)'\n');
                if (length < 0) length = _blocks.End - start;
                ReadLine(buffer, start, start + length, ++number, sink);
                start += length + 1;
            }
        }
    }

    /// <summary>True when the line begins as one of this log does: owner, bucket and a bracketed time.</summary>
    public static bool Fits(ReadOnlySpan<byte> line)
    {
        var fields = new S3AccessFields(line);
        fields.Word();
        fields.Word();
        return TryTime(fields.Word(bracketed: true), out _);
    }

    private void ReadLine(byte[] buffer, int start, int end, long number, ILogSink sink)
    {
        if (!TextLine.IsPlain(buffer, start, ref end, out var unfit))
        {
            sink.Quarantine(new(number, "", unfit, buffer.AsSpan(start, end - start)));
            return;
        }
        if (end == start) return;
        var misfit = TryRead(buffer, start, end);
        if (misfit.Length > 0)
        {
            sink.Quarantine(new(number, misfit, "a value that does not fit the field", buffer.AsSpan(start, end - start)));
            return;
        }
        _call.Record = number;
        sink.Handle(_call);
    }

    /// <returns>The first field that does not fit; empty when all do.</returns>
    private string TryRead(byte[] buffer, int start, int end)
    {
        var line = buffer.AsSpan(start, end - start);
        var fields = new S3AccessFields(line);
        var owner = fields.Word();
        var bucket = fields.Word();
        if (owner.IsEmpty || bucket.IsEmpty) return "bucket";
        if (!TryTime(fields.Word(bracketed: true), out var time)) return "time";
        var remote = fields.Word();
        if (remote.IsEmpty) return "remote-ip";
        var requester = fields.Word();
        if (requester.IsEmpty) return "requester";
        var requestId = fields.Word();
        if (requestId.IsEmpty) return "request-id";
        var operation = fields.Word();
        if (operation.IsEmpty) return "operation";
        var key = fields.Word();
        if (key.IsEmpty) return "key";
        if (!fields.TryRequest(out var numbers)) return "request-uri";
        if (!fields.TryAgent(out var agent)) return "user-agent";

        var status = numbers.Word();
        var error = numbers.Word();
        var call = _call;
        call.Begin(LogType.S3Access, buffer, start, end - start);
        call.Time = time;
        Set(ApiField.EventSource, EventSource);
        Set(ApiField.EventType, ApiCallType);
        Set(ApiField.EventCategory, DataCategory);
        Set(ApiField.ManagementEvent, False);
        Slice(ApiField.RequestId, requestId);
        Slice(ApiField.UserAgent, agent);
        Slice(ApiField.SourceIpAddress, remote);
        if (IpAddress.TryParse(remote, out var address)) call.Address = address;

        var hasKey = !IsNothing(key);
        if (S3Operations.OfLog(operation, hasKey) is { } known)
        {
            Set(ApiField.EventName, known.Name);
            Set(ApiField.ReadOnly, known.ReadOnly ? True : False);
        }
        else
        {
            Slice(ApiField.EventName, operation);
            Set(ApiField.ReadOnly, S3Operations.IsReadByMethod(operation) ? True : False);
        }
        if (status.Length == 3 && status[0] >= (byte)'4') Slice(ApiField.ErrorCode, IsNothing(error) ? status : error);
        SetRequester(buffer, line, start, requester);
        if (_bucketSlot >= 0) SliceInto(_bucketSlot, bucket);
        if (_keySlot >= 0) SliceInto(_keySlot, key);
        Write(time, bucket, hasKey ? key : default);
        return "";

        void Set(ApiField field, byte[] value) => call.Set((int)field, value, 0, value.Length);

        void Slice(ApiField field, ReadOnlySpan<byte> part) => SliceInto((int)field, part);

        void SliceInto(int slot, ReadOnlySpan<byte> part)
        {
            if (!IsNothing(part)) call.Set(slot, buffer, start + Offset(buffer.AsSpan(start), part), part.Length);
        }
    }

    /// <summary>Who asked: nobody (<c>-</c>), a canonical user id, an ARN, or a service of AWS by a name of its own.</summary>
    private void SetRequester(byte[] buffer, ReadOnlySpan<byte> line, int start, ReadOnlySpan<byte> requester)
    {
        if (IsNothing(requester))
        {
            Whole(ApiField.UserType, AwsAccount);
            Whole(ApiField.PrincipalId, Anonymous);
            Whole(ApiField.UserAccountId, Anonymous);
            return;
        }
        if (requester.StartsWith("arn:"u8) && TryArn(requester, out var account, out var resource))
        {
            Part(line, ApiField.UserArn, requester);
            Part(line, ApiField.UserAccountId, account);
            if (resource.StartsWith("assumed-role/"u8))
            {
                // The role's own ARN is not in the line: a role may have a path, which the session's ARN leaves out.
                Whole(ApiField.UserType, AssumedRole);
                Whole(ApiField.IssuerType, Role);
                Part(line, ApiField.IssuerAccountId, account);
                var role = resource["assumed-role/".Length..];
                var slash = role.IndexOf((byte)'/');
                Part(line, ApiField.IssuerUserName, slash < 0 ? role : role[..slash]);
            }
            else if (resource.StartsWith("federated-user/"u8)) Whole(ApiField.UserType, FederatedUser);
            else if (resource.SequenceEqual("root"u8)) Whole(ApiField.UserType, Root);
            else if (resource.StartsWith("user/"u8))
            {
                Whole(ApiField.UserType, IamUser);
                Part(line, ApiField.UserName, resource[(resource.LastIndexOf((byte)'/') + 1)..]);
            }
            else Whole(ApiField.UserType, AwsAccount);
            return;
        }
        if (requester.SequenceEqual("AmazonS3"u8) || requester.StartsWith("svc:"u8) || requester.EndsWith(".amazonaws.com"u8))
        {
            Whole(ApiField.UserType, AwsService);
            Part(line, ApiField.InvokedBy, requester);
            return;
        }
        Whole(ApiField.UserType, AwsAccount);
        Part(line, ApiField.PrincipalId, requester);

        void Whole(ApiField field, byte[] value) => _call.Set((int)field, value, 0, value.Length);
        void Part(ReadOnlySpan<byte> of, ApiField field, ReadOnlySpan<byte> part) => _call.Set((int)field, buffer, start + Offset(of, part), part.Length);
    }

    private static bool TryArn(ReadOnlySpan<byte> arn, out ReadOnlySpan<byte> account, out ReadOnlySpan<byte> resource)
    {
        account = resource = default;
        for (var part = 0; part < 5; part++)
        {
            var colon = arn.IndexOf((byte)':');
            if (colon < 0) return false;
            if (part == 4) account = arn[..colon];
            arn = arn[(colon + 1)..];
        }
        resource = arn;
        return !resource.IsEmpty;
    }

    /// <summary>Writes the time as CloudTrail does and <c>{"bucketName":…,"key":…}</c>, both into the reused buffer.</summary>
    private void Write(DateTimeOffset time, ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> key)
    {
        // Escaped text is at most twice as long.
        var most = 64 + 2 * (bucket.Length + key.Length);
        if (_written.Length < most) _written = new byte[2 * most];
        var to = _written.AsSpan();
        Utf8Formatter.TryFormat(time.UtcDateTime, to, out var length, new('O')); // 2019-02-06T00:00:38.0000000Z
        length = "2019-02-06T00:00:38".Length;
        to[length++] = (byte)'Z';
        _call.Set((int)ApiField.EventTime, _written, 0, length);

        var begin = length;
        Put("{\"bucketName\":\""u8, to, ref length);
        Escape(bucket, to, ref length);
        if (!key.IsEmpty)
        {
            Put("\",\"key\":\""u8, to, ref length);
            Escape(key, to, ref length);
        }
        Put("\"}"u8, to, ref length);
        _call.Set((int)ApiField.RequestParameters, _written, begin, length - begin);
    }

    private static void Put(ReadOnlySpan<byte> text, Span<byte> to, ref int at)
    {
        text.CopyTo(to[at..]);
        at += text.Length;
    }

    /// <summary>Of the control characters only the tab gets here.</summary>
    private static void Escape(ReadOnlySpan<byte> text, Span<byte> to, ref int at)
    {
        foreach (var c in text)
        {
            if (c is (byte)'"' or (byte)'\\' or (byte)'\t') to[at++] = (byte)'\\';
            to[at++] = c == '\t' ? (byte)'t' : c;
        }
    }

    internal static bool IsNothing(ReadOnlySpan<byte> field) => field is [] or [(byte)'-'];

    private static int Offset(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> part) => whole.Overlaps(part, out var offset) ? offset : 0;

    /// <summary>Reads <c>[06/Feb/2019:00:00:38 +0000]</c>.</summary>
    internal static bool TryTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != 28 || text[0] != '[' || text[3] != '/' || text[7] != '/' || text[12] != ':' || text[15] != ':' || text[18] != ':' || text[21] != ' '
            || text[27] != ']') return false;
        var month = Months.IndexOf(text[4..7]) is var at && at >= 0 && at % 3 == 0 ? at / 3 + 1 : 0;
        if (month == 0 || !Number(text[1..3], out var day) || !Number(text[8..12], out var year) || !Number(text[13..15], out var hour)
            || !Number(text[16..18], out var minute) || !Number(text[19..21], out var second) || !Number(text[23..25], out var offsetHours)
            || !Number(text[25..27], out var offsetMinutes) || text[22] is not ((byte)'+' or (byte)'-')) return false;
        if (year is 0 || day is 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59 || offsetHours > 14 || offsetMinutes > 59) return false;
        var offset = new TimeSpan(offsetHours, offsetMinutes, 0);
        var local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc);
        if (year is 1 or 9999) return false; // an offset could leave the calendar
        time = new(text[22] == '+' ? local - offset : local + offset);
        return true;

        static bool Number(ReadOnlySpan<byte> digits, out int value)
        {
            var fits = Digits.TryReadPlain(digits, out var read);
            value = (int)read;
            return fits;
        }
    }

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;
}
