using System.Text;
using Yagura.Logs.Json;

namespace Yagura.Logs.Tests;

/// <summary>A sink that writes down everything it is told, so that tests compare texts.</summary>
internal sealed class Collected(Projection? projection = null) : ILogSink
{
    private static readonly ApiField[] Fields = Enum.GetValues<ApiField>();

    public List<string> Analysed { get; } = [];
    public List<(long Record, string Field, string Reason, string Bytes)> Quarantined { get; } = [];
    public List<(LogType LogType, string Reason)> Skipped { get; } = [];
    public int Total => Analysed.Count + Quarantined.Count + Skipped.Count;

    /// <summary>All calls, queries and misfits in their order.</summary>
    public List<string> Log { get; } = [];

    public void Handle(ApiCall call)
    {
        var fields = Fields.Select(field => $"{field}={Encoding.UTF8.GetString(call[field])}").Where(text => !text.EndsWith('=')).ToList();
        for (int slot = Fields.Length; slot < Fields.Length + (projection?.ExtraSlots ?? 0); slot++) fields.Add($"{slot}={Encoding.UTF8.GetString(call[slot])}");
        Add($"{call.LogType} {call.Record} {call.Time:O} {call.Address} {string.Join(' ', fields)}");
    }

    public void Handle(DnsQuery query) =>
        Add($"{query.LogType} {query.Record} {query.Time:O} {query.Source} {string.Join(' ', Enum.GetValues<DnsField>().Select(field => $"{field}={Encoding.UTF8.GetString(query[field])}"))}");

    public void Handle(FlowRecord flow) => Add($"{flow.LogType} {flow.Record}");

    private void Add(string text)
    {
        Analysed.Add(text);
        Log.Add(text);
    }

    public void Quarantine(in Misfit misfit)
    {
        Quarantined.Add((misfit.Record, misfit.Field, misfit.Reason, Encoding.UTF8.GetString(misfit.Bytes)));
        Log.Add($"{Quarantined[^1]}");
    }

    public void Skip(LogType logType, string reason, long records = 1)
    {
        for (int i = 0; i < records; i++) Skipped.Add((logType, reason));
        Log.Add($"{logType} {reason} {records}");
    }

    public static Collected Read(string json, LineReader? embedded = null) => Read(Encoding.UTF8.GetBytes(json), embedded);

    public static Collected Read(byte[] bytes, LineReader? embedded = null, Projection? projection = null)
    {
        var sink = new Collected(projection);
        new JsonLogReader(projection ?? Projection.Known).Read(new MemoryStream(bytes), [], sink, embedded, default);
        return sink;
    }
}
