using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors.Rules;
using Yagura.Logs;
using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Detectors.Signals;

/// <summary>Remembers the API calls that are steps of users' own sequences.</summary>
/// <remarks>State: about 1 kB for each step, join and hour with such a call: its first <see cref="StepUse.MostEvidence"/> records in the hour one by one, of the rest that there were some.</remarks>
public sealed class SequenceSteps : StatefulDetector<ApiCall, StepUse>
{
    public const string StateName = "sequence-steps";

    private readonly IReadOnlyList<(SequenceRule Rule, int Step)> _steps;
    private readonly LogRules _compiled;

    /// <param name="rules">Those without steps about calls ask nothing.</param>
    public SequenceSteps(IReadOnlyList<SequenceRule> rules)
    {
        _steps = [.. rules.SelectMany(rule => rule.Steps.Index().Where(step => !step.Item.IsFinding).Select(step => (rule, step.Index)))];
        _compiled = new([.. _steps.Select(step => step.Rule.Steps[step.Step].Condition)]);
    }

    public override IReadOnlyList<TypeBinding> Types => [];

    public override string Name => StateName;

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<StepUse> steps)
    {
        if (_steps.Count == 0) return;
        var hits = _compiled.Match(call, out _, out var undecided);
        foreach (var hit in hits)
        {
            var (rule, step) = _steps[hit];
            if (JoinOf(call, rule.Join) is not { } join) continue;
            var detection = ApiCallFacts.AboutCaller(call, new FindingType("Signal:API/Call"), Severity.Low, knowledge, rule.Steps[step].Name);
            steps.Of(KeyOf(call, rule, step, join)).Add(call, rule.Version, step, join, detection, steps.ObjectName);
        }
        if (undecided is not null) throw undecided;
    }

    public override IEnumerable<Decision> Decide(StepUse state, Knowledge knowledge) => [];

    private static EntityKey KeyOf(ApiCall call, SequenceRule rule, int step, IReadOnlyList<string> join)
    {
        Span<byte> hour = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(hour, call.Time.UtcTicks / TimeSpan.TicksPerHour);
        return EntityKey.Of(call.AccountId, Encoding.UTF8.GetBytes(TextKey.Of([rule.Version, $"{step}", .. join])), hour);
    }

    /// <returns>Null where the call lacks one of them.</returns>
    private static IReadOnlyList<string>? JoinOf(ApiCall call, IReadOnlyList<JoinKey> keys)
    {
        var join = new List<string>();
        foreach (var key in keys)
        {
            var value = key switch
            {
                JoinKey.Principal => ApiCallFacts.Principal(call),
                JoinKey.Key => Utf8.Text(call[ApiField.AccessKeyId]),
                JoinKey.Address => call.Address.IsNone ? "" : call.Address.ToString(),
                JoinKey.Bucket => ApiCallFacts.Bucket(call),
                JoinKey.Instance => Instance(call),
                JoinKey.Region => ApiCallFacts.Region(call),
            };
            if (string.IsNullOrEmpty(value)) return null;
            join.Add(value);
        }
        return join;
    }

    // The instance that a call is about, else the one whose role makes it.
    private static string? Instance(ApiCall call)
    {
        if (RequestJson.TryParse(call[ApiField.RequestParameters], out var request))
        {
            using (request)
            {
                if (request.RootElement.Text("instanceId") is { Length: > 0 } id) return id;
            }
        }
        var session = Utf8.Text(call[ApiField.PrincipalId]);
        return session.IndexOf(":i-", StringComparison.Ordinal) is >= 0 and var colon ? session[(colon + 1)..] : null;
    }
}

/// <summary>The calls of one step that have the same join, within an hour.</summary>
public sealed class StepUse : IMergeable<StepUse>
{
    public const int MostEvidence = 20;

    private const int ExactOccurrences = 1_024;

    public StepUse() => Seen = new(ExactOccurrences, MostEvidence);

    [JsonConstructor]
    public StepUse(string? rule, int step, IReadOnlyList<string>? join, FindingState seen) => (Rule, Step, Join, Seen) = (rule, step, join, seen);

    /// <summary>The version of the sequence's rule; null before the first call.</summary>
    public string? Rule { get; private set; }

    /// <summary>Its place among the steps, from 0.</summary>
    public int Step { get; private set; }

    public IReadOnlyList<string>? Join { get; private set; }
    public FindingState Seen { get; }

    public void Add(ApiCall call, string rule, int step, IReadOnlyList<string> join, Detection detection, string objectName)
    {
        (Rule, Step, Join) = (rule, step, join);
        Seen.Add(call, objectName, detection);
    }

    public void Merge(StepUse other)
    {
        if (Rule is null) (Rule, Step, Join) = (other.Rule, other.Step, other.Join);
        Seen.Merge(other.Seen);
    }
}
