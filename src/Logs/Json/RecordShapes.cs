using Yagura.Logs.CloudTrail;
using Yagura.Logs.Route53Resolver;

namespace Yagura.Logs.Json;

/// <summary>Tells what a JSON object is, unwraps envelopes, and reports each record to the sink.</summary>
internal sealed class RecordShapes
{
    private const string NotAnalysed = "not analysed yet";

    private readonly Projection _projection;
    private readonly FieldSlot[] _slots;
    private readonly RecordWalk _inner;
    private readonly ApiCall _call;
    private readonly DnsQuery _query;
    private byte[] _text = new byte[8192];
    private ILogSink _sink = null!;
    private LineReader? _embedded;
    private long _record;

    /// <param name="slots">What the walks fill.</param>
    public RecordShapes(Projection projection, FieldSlot[] slots)
    {
        _projection = projection;
        _slots = slots;
        _inner = new RecordWalk(slots);
        _call = new ApiCall(slots);
        _query = new DnsQuery(slots, projection.FirstDnsSlot);
    }

    public void Begin(ILogSink sink, LineReader? embedded)
    {
        _sink = sink;
        _embedded = embedded;
        _record = 0;
    }

    public void Quarantine(string field, string reason, ReadOnlySpan<byte> record) =>
        _sink.Quarantine(new Misfit(++_record, field, reason, record));

    private void Skip(LogType logType, string reason = NotAnalysed)
    {
        _record++;
        _sink.Skip(logType, reason);
    }

    /// <summary>Reports an object that a walk has read.</summary>
    /// <param name="first">The index of its opening brace.</param>
    /// <param name="next">The index behind its closing brace.</param>
    /// <param name="ended">How reading it went: not incomplete, not corrupt.</param>
    public void Report(RecordWalk walk, int first, int next, WalkEnd ended)
    {
        int start = walk.Positions[first], length = walk.Positions[next - 1] + 1 - start;
        if (ended != WalkEnd.Whole)
            Quarantine("", ended == WalkEnd.TooDeep ? "the record is nested deeper than 128" : "a field of the record has an escape that JSON does not have", walk.Bytes.AsSpan(start, length));
        else if (!_call.Name.IsEmpty && !_call[ApiField.EventTime].IsEmpty) ReportCall(walk, start, length);
        else ReportOther(walk, start, length);
    }

    private void ReportCall(RecordWalk walk, int start, int length)
    {
        var category = _call[ApiField.EventCategory];
        var raw = walk.Bytes.AsSpan(start, length);
        if (Has(Mark.InsightDetails) || category.SequenceEqual("Insight"u8)) Skip(LogType.CloudTrailInsight);
        else if (category.SequenceEqual("NetworkActivity"u8)) Skip(LogType.CloudTrailNetworkActivity);
        else if (Has(Mark.S3) && _call.Source.SequenceEqual("aws:s3"u8)) Quarantine("", "an S3 event notification, not a log record", raw);
        else
        {
            _call.Show(LogType.CloudTrail, walk.Bytes, start, length);
            if (CloudTrailRecord.Complete(_call) is var (field, reason))
            {
                Quarantine(field, reason, raw);
                return;
            }
            _call.Record = ++_record;
            _sink.Handle(_call);
        }
    }

    private void ReportOther(RecordWalk walk, int start, int length)
    {
        var raw = walk.Bytes.AsSpan(start, length);
        if (Has(Mark.MessageType) && Has(Mark.LogEvents)) ReportSubscription(walk, raw);
        else if (Has(Mark.DetailType) && Has(Mark.Detail)) ReportDetail(walk, raw);
        else if (Has(Mark.CloudTrailEvent)) ReportText(walk, this[Mark.CloudTrailEvent], raw);
        else if (Has(Mark.Records)) ReportElements(walk, this[Mark.Records], messages: false, raw);
        else if (Has(Mark.Events)) ReportElements(walk, this[Mark.Events], messages: false, raw);
        else if (!_query[DnsField.QueryName].IsEmpty || !_query[DnsField.QueryTimestamp].IsEmpty) ReportQuery(walk, start, length);
        else if (KnownType() is var known and not LogType.Unknown) Skip(known);
        else if (Has(Mark.EventVersion) || !_call.Name.IsEmpty || !_call[ApiField.EventTime].IsEmpty || !_call.Source.IsEmpty)
            ReportCall(walk, start, length);
        else Quarantine("", "not a known AWS log record", raw);
    }

    private void ReportQuery(RecordWalk walk, int start, int length)
    {
        _query.Show(walk.Bytes, start, length);
        if (ResolverRecord.Complete(_query) is var (field, reason))
        {
            Quarantine(field, reason, _query.Raw);
            return;
        }
        _query.Record = ++_record;
        _sink.Handle(_query);
    }

    /// <summary>Logs that are known but not analysed, by the fields that only they have.</summary>
    private LogType KnownType() =>
        Has(Mark.DigestStartTime) ? LogType.CloudTrailDigest
        : Has(Mark.InsightDetails) || _call[ApiField.EventCategory].SequenceEqual("Insight"u8) ? LogType.CloudTrailInsight
        : Text(Mark.ApiVersion).StartsWith("audit.k8s.io/"u8) || (Text(Mark.Kind).SequenceEqual("Event"u8) && (Has(Mark.AuditId) || Has(Mark.ObjectRef))) ? LogType.EksAudit
        : Has(Mark.SchemaVersion) && Has(Mark.ServiceName) ? LogType.GuardDutyFinding
        : Has(Mark.WebAclId) ? LogType.Waf
        : Has(Mark.DatabaseActivity) ? LogType.Rds
        : Text(Mark.SchemaType).SequenceEqual("ModelInvocationLog"u8) ? LogType.BedrockInvocation
        : Has(Mark.ProductArn) && Has(Mark.GeneratorId) ? LogType.SecurityHubFinding
        : LogType.Unknown;

    private void ReportSubscription(RecordWalk walk, ReadOnlySpan<byte> raw)
    {
        if (Text(Mark.MessageType).SequenceEqual("CONTROL_MESSAGE"u8)) Skip(LogType.Unknown, "a control message of CloudWatch Logs");
        else ReportElements(walk, this[Mark.LogEvents], messages: true, raw);
    }

    /// <summary>Reads the event inside an EventBridge envelope; what is inside cannot be an envelope again.</summary>
    private void ReportDetail(RecordWalk walk, ReadOnlySpan<byte> raw)
    {
        if (Text(Mark.DetailType).StartsWith("Security Hub Findings"u8))
        {
            Skip(LogType.SecurityHubFinding);
            return;
        }
        int at = IndexOf(walk, this[Mark.Detail], '{');
        if (at < 0)
        {
            Quarantine("detail", "the EventBridge event has no detail", raw);
            return;
        }
        int first = at;
        var ended = walk.Read(_projection.Root, ref at);
        if (ended is not (WalkEnd.Whole or WalkEnd.TooDeep or WalkEnd.BadEscape) || (ended == WalkEnd.Whole && (Has(Mark.Detail) || Has(Mark.LogEvents))))
            Quarantine("detail", "not a known AWS log record", raw);
        else
        {
            if (ended != WalkEnd.Whole) walk.Skip(ref at, int.MaxValue);
            Report(walk, first, at, ended);
        }
    }

    /// <summary>Reads the elements of an array inside an object that has been read; they take its slots over.</summary>
    /// <param name="messages">True when the elements carry a message each, false when they are records.</param>
    private void ReportElements(RecordWalk walk, FieldSlot array, bool messages, ReadOnlySpan<byte> raw)
    {
        int at = IndexOf(walk, array, '[');
        if (at < 0)
        {
            Quarantine("", "the list of records is no list", raw);
            return;
        }
        int end = array.Start + array.Length - 1;
        for (at++; walk.Positions[at] < end;)
        {
            int first = at;
            if (walk.Bytes[walk.Positions[at]] != '{')
            {
                Quarantine("", "an element of the list of records is no object", raw);
                return;
            }
            var ended = walk.Read(messages ? _projection.LogEvent : _projection.Root, ref at);
            if (ended != WalkEnd.Whole)
            {
                at = first;
                walk.Skip(ref at, int.MaxValue);
            }
            int start = walk.Positions[first];
            var element = walk.Bytes.AsSpan(start, walk.Positions[at - 1] + 1 - start);
            if (ended is WalkEnd.Corrupt or WalkEnd.Incomplete) Quarantine("", "the record is not valid JSON", element);
            else if (!messages || ended != WalkEnd.Whole) Report(walk, first, at, ended);
            else ReportText(walk, this[Mark.Message], element);
        }
    }

    /// <summary>Reads a record that is the value of a string.</summary>
    private void ReportText(RecordWalk outer, FieldSlot text, ReadOnlySpan<byte> raw)
    {
        if (outer == _inner)
        {
            Quarantine("", "a record in a string of a record in a string", raw);
            return;
        }
        if (_text.Length < text.Length + RecordWalk.Padding) _text = new byte[Math.Max(_text.Length * 2, text.Length + RecordWalk.Padding)];
        text.Span.CopyTo(_text);
        int start = RecordWalk.SkipBlanks(_text, 0, text.Length), end = text.Length;
        if (start == end || _text[start] != '{')
        {
            if (_embedded is null || start == end) Quarantine("message", "a message that is no JSON", raw);
            else _embedded(_text.AsSpan(0, end), ++_record, _sink);
            return;
        }
        _inner.Index(_text, start, end);
        int at = 0;
        var ended = _inner.Read(_projection.Root, ref at);
        if (ended is WalkEnd.TooDeep or WalkEnd.BadEscape && _inner.Skip(ref at, int.MaxValue) != WalkEnd.Whole) ended = WalkEnd.Incomplete;
        if (ended is WalkEnd.Incomplete or WalkEnd.Corrupt || RecordWalk.SkipBlanks(_text, _inner.Positions[at - 1] + 1, end) < end)
            Quarantine("", "the record is not valid JSON", _text.AsSpan(start, end - start));
        else Report(_inner, 0, at, ended);
    }

    /// <summary>The index of the bracket that a field of raw JSON begins with; negative when it begins otherwise.</summary>
    private static int IndexOf(RecordWalk walk, FieldSlot field, char bracket) =>
        field.Bytes == walk.Bytes && field.Bytes[field.Start] == bracket ? walk.Positions.BinarySearch(field.Start) : -1;

    private FieldSlot this[Mark mark] => _slots[_projection.FirstMarkSlot + (int)mark];

    private ReadOnlySpan<byte> Text(Mark mark) => this[mark].Span;

    private bool Has(Mark mark) => this[mark].Length > 0;
}
