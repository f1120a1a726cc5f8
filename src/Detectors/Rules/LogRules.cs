using System.Buffers;
using System.Text.Json;
using Yagura.Core.Json;
using Yagura.Logs;
using Yagura.Matching;
using Yagura.Matching.Conditions;

namespace Yagura.Detectors.Rules;

/// <summary>Conditions on the records of one log, asked all at once. Shared by all reading threads.</summary>
internal sealed class LogRules
{
    [ThreadStatic] private static Scratch? _scratch;

    private readonly Matcher<int> _matcher = new();
    private readonly CallGate _gate;

    /// <param name="conditions">Named in the answer by their index.</param>
    public LogRules(IReadOnlyList<Condition> conditions)
    {
        for (var rule = 0; rule < conditions.Count; rule++) _matcher.Add(rule, conditions[rule]);
        _gate = CallGate.Of(conditions);
    }

    /// <summary>The conditions that the record meets, in ascending order; valid until the thread's next call.</summary>
    /// <param name="json">The record, where it meets any. Undefined where it is no JSON to its last character: what no condition reads need not be, and then
    /// nothing of it can be shown.</param>
    /// <param name="undecided">Why some conditions were not decided, to be thrown once those that the record meets were seen to; null where all were.</param>
    /// <exception cref="UnaskableRecordException">The record is not for rules.</exception>
    public IReadOnlyList<int> Match(LogEvent record, out JsonElement json, out UnaskableRecordException? undecided)
    {
        json = default;
        undecided = null;
        if (record is ApiCall { LogType: LogType.CloudTrail } call && !_gate.MayMatter(call)) return [];
        var scratch = _scratch ??= new();
        scratch.Hits.Clear();
        var text = record.AsJson(scratch.Json);
        var fault = _matcher.Match(text, scratch.Buffer, scratch.Hits);
        if (fault == EventFault.TooManySteps) undecided = new("some rules were not asked about it: they would take too long");
        else if (fault != EventFault.None) throw new UnaskableRecordException($"rules cannot be asked about it: {fault}");
        if (scratch.Hits.Count == 0) return [];
        scratch.Hits.Sort();
        if (JsonText.TryParse(text, out var document))
        {
            using (document) json = document.RootElement.Clone();
        }
        return scratch.Hits;
    }

    private sealed class Scratch
    {
        public MatchBuffer Buffer { get; } = new();
        public ArrayBufferWriter<byte> Json { get; } = new(1024);
        public List<int> Hits { get; } = [];
    }
}
