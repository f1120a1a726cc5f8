using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors.Signals;

/// <summary>Remembers the calls of <see cref="SignalApis"/> that attack sequences are made of, beside findings.</summary>
/// <remarks>State: about 1 kB for each principal, API, outcome and hour (of UTC) with such a call. Blind spots: a burst that the hour's end cuts in two halves each below its least; calls of AWS's own services in a principal's name.</remarks>
public sealed class WeakSignals : StatefulDetector<ApiCall, WeakSignal>
{
    public const string StateName = "weak-signals";

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>What the signals make once they are put together, which is done where all findings are known.</summary>
    public override IReadOnlyList<TypeBinding> Types { get; } =
    [
        new("AttackSequence:EC2/CompromisedInstanceGroup"), new("AttackSequence:IAM/CompromisedCredentials"), new("AttackSequence:S3/CompromisedData"),
    ];

    public override string Name => StateName;

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<WeakSignal> steps)
    {
        if (SignalApis.Of(call) is not { } row || IsOfService(call, knowledge)) return;
        var principal = ApiCallFacts.Principal(call);
        if (principal == ApiCallFacts.Anonymous) return;
        Span<byte> key = stackalloc byte[sizeof(long) + sizeof(byte) + 128];
        BinaryPrimitives.WriteInt64LittleEndian(key, call.Time.UtcTicks / Window.Ticks);
        key[sizeof(long)] = call.Succeeded ? (byte)1 : (byte)0;
        var length = sizeof(long) + 1 + Encoding.UTF8.GetBytes(row.Service + row.Name, key[(sizeof(long) + 1)..]);
        steps.Of(EntityKey.Of(call.AccountId, Encoding.UTF8.GetBytes(principal), key[..length])).Add(call, row, principal, steps.ObjectName, knowledge);
    }

    /// <summary>Nothing: what a signal means is decided with all others.</summary>
    public override IEnumerable<Decision> Decide(WeakSignal state, Knowledge knowledge) => [];

    private static bool IsOfService(ApiCall call, Knowledge knowledge) =>
        !call[ApiField.InvokedBy].IsEmpty || call[ApiField.UserType].SequenceEqual("AWSService"u8)
        || knowledge.Benign.IsService(call[ApiField.SourceIpAddress]) || knowledge.Benign.IsServiceRole(call[ApiField.IssuerUserName]);
}

/// <summary>One principal's calls of one API within an hour that all succeeded, or all failed.</summary>
public sealed class WeakSignal : IMergeable<WeakSignal>
{
    private const int ExactOccurrences = 1_024, MostEvidence = 3;

    public WeakSignal() => Seen = new(ExactOccurrences, MostEvidence);

    [JsonConstructor]
    public WeakSignal(string? service, string? api, Detection? first, Evidence? firstRecord, FindingState seen) =>
        (Service, Api, First, FirstRecord, Seen) = (service, api, first, firstRecord, seen);

    /// <summary>Of the table's row; null before the first call.</summary>
    public string? Service { get; private set; }

    /// <inheritdoc cref="Service"/>
    public string? Api { get; private set; }

    /// <summary>Who called what, from where: of the earliest call, so that a burst costs little. Its type is never shown.</summary>
    public Detection? First { get; private set; }
    public Evidence? FirstRecord { get; private set; }

    /// <summary>The calls; no detection is kept with them.</summary>
    public FindingState Seen { get; }

    public void Add(ApiCall call, SignalApi row, string principal, string objectName, Knowledge knowledge)
    {
        (Service, Api) = (row.EventSource, row.Name);
        Seen.Add(call, objectName, detection: null, ApiCallFacts.Summary);
        if (FirstRecord is not null && call.Time > FirstRecord.Time) return;
        var detection = ApiCallFacts.AboutCaller(call, new FindingType("Signal:API/Call"), Severity.Low, knowledge, row.What) with { Principal = principal };
        Offer(detection, Evidence.Of(call, objectName, ApiCallFacts.Summary(call)));
    }

    public void Merge(WeakSignal other)
    {
        Service ??= other.Service;
        Api ??= other.Api;
        if (other.First is not null) Offer(other.First, other.FirstRecord!);
        Seen.Merge(other.Seen);
    }

    private void Offer(Detection detection, Evidence record)
    {
        if (FirstRecord is not null && Evidence.ByTime.Compare(record, FirstRecord) is var order && (order > 0 || (order == 0 && !record.IsNamedBefore(FirstRecord)))) return;
        (First, FirstRecord) = (detection, record);
    }
}
