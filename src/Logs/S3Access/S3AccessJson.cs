using System.Buffers;
using System.Text.Json;
using Yagura.Logs.Text;

namespace Yagura.Logs.S3Access;

/// <summary>A line of an S3 server access log as a JSON object, with the column names of AWS's own table for Athena.</summary>
/// <remarks>Source: Amazon S3 user guide, "Using Amazon S3 server access logs to identify requests", which gives the table.</remarks>
internal static class S3AccessJson
{
    private static readonly string[] Before = ["bucketowner", "bucket_name", "requestdatetime", "remoteip", "requester", "requestid", "operation", "key"];

    private static readonly (string Name, bool IsNumber)[] Between =
        [("httpstatus", true), ("errorcode", false), ("bytessent", true), ("objectsize", true), ("totaltime", true), ("turnaroundtime", true)];

    private static readonly string[] Behind =
        ["versionid", "hostid", "sigv", "ciphersuite", "authtype", "endpoint", "tlsversion", "accesspointarn", "aclrequired", "sourceregion"];

    /// <param name="line">One that <see cref="S3AccessReader"/> has read; what no longer fits the format is left out.</param>
    public static ReadOnlySpan<byte> Write(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> writer)
    {
        writer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(writer, TextFields.Options))
        {
            json.WriteStartObject();
            Write(line, json);
            json.WriteEndObject();
        }
        return writer.WrittenSpan;
    }

    private static void Write(ReadOnlySpan<byte> line, Utf8JsonWriter json)
    {
        var fields = new S3AccessFields(line);
        foreach (var name in Before)
        {
            var time = name == "requestdatetime";
            var word = fields.Word(bracketed: time);
            TextFields.Write(json, name, time && word.Length > 2 ? word[1..^1] : word, isNumber: false);
        }
        var uri = fields.Rest;
        if (!fields.TryRequest(out var numbers)) return;
        uri = uri[..^numbers.Rest.Length];
        TextFields.Write(json, "request_uri", uri.Length > 3 ? uri[1..^2] : default, isNumber: false);
        foreach (var (name, isNumber) in Between) TextFields.Write(json, name, numbers.Word(), isNumber);

        var clients = fields.Rest;
        if (!fields.TryAgent(out var agent)) return;
        var tail = SplitClients(clients, agent, out var referrer);
        TextFields.Write(json, "referrer", referrer, isNumber: false);
        TextFields.Write(json, "useragent", agent, isNumber: false);
        foreach (var name in Behind) TextFields.Write(json, name, tail.Word(), isNumber: false);
    }

    /// <summary>The referrer without its quotes, and what stands behind the user agent.</summary>
    private static S3AccessFields SplitClients(ReadOnlySpan<byte> clients, ReadOnlySpan<byte> agent, out ReadOnlySpan<byte> referrer)
    {
        if (!agent.IsEmpty && clients.Overlaps(agent, out var at))
        {
            referrer = clients[..Math.Max(0, at - 2)].Trim((byte)'"'); // "referrer" "agent"
            return Behind(clients, at + agent.Length + 1);
        }
        if (clients is [(byte)'"', ..])
        {
            var last = clients.LastIndexOf((byte)'"');
            var inner = clients[1..last];
            referrer = inner.EndsWith("\" \""u8) ? inner[..^3] : inner;
            return inner.EndsWith("\" \""u8) ? Behind(clients, last + 1) : Behind(clients, last + 3); // an agent that is "" or a dash
        }
        var fields = new S3AccessFields(clients);
        referrer = fields.Word();
        fields.Word();
        return fields;

        static S3AccessFields Behind(ReadOnlySpan<byte> text, int at) => new(at + 1 < text.Length ? text[(at + 1)..] : default);
    }
}
