using System.Text;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.Stealth.IAMUser;

/// <summary>The bucket that a trail delivers to was deleted: the trail still runs, and its files go nowhere.</summary>
/// <remarks>
/// Which bucket is a trail's is learnt from the calls that set it, before or after the deletion in the logs' order. The bucket of an
/// organization's trail lies in another account than the trail, so a bucket is known by its name alone, which is unique.
/// State: about 2 kB for a bucket that was deleted or named. Blind spot: a trail set up before the logs at hand begin.
/// </remarks>
public sealed class TrailBucketDeleted : StatefulDetector<ApiCall, TrailBucket>
{
    public override IReadOnlyList<TypeBinding> Types { get; } = [EventSelectorsReduced.Type];

    public override string Name => "trail-buckets";

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<TrailBucket> steps)
    {
        if (call.LogType != LogType.CloudTrail || !call.Succeeded) return;
        if (call.Name.SequenceEqual("DeleteBucket"u8)) ObserveDeletion(call, knowledge, steps);
        else if (call.Name.SequenceEqual("CreateTrail"u8) || call.Name.SequenceEqual("UpdateTrail"u8)) ObserveTrail(call, steps);
    }

    private static void ObserveDeletion(ApiCall call, Knowledge knowledge, ISteps<TrailBucket> steps)
    {
        if (ApiCallFacts.Bucket(call) is not { } bucket) return;
        var detection = ApiCallFacts.AboutCaller(call, EventSelectorsReduced.Type.Type, Severity.Low, knowledge, $"the bucket {bucket}, which a trail delivers to, was deleted");
        steps.Of(KeyOf(bucket)).Deletions.Add(call, steps.ObjectName, detection, ApiCallFacts.Summary);
    }

    private static void ObserveTrail(ApiCall call, ISteps<TrailBucket> steps)
    {
        // The answer holds the whole trail; the request of an update only what it changes.
        if (!RequestJson.TryParse(call[ApiField.ResponseElements], out var answer) && !RequestJson.TryParse(call[ApiField.RequestParameters], out answer)) return;
        using (answer)
        {
            if (answer.RootElement.Text("s3BucketName") is not { Length: > 0 } bucket) return;
            steps.Of(KeyOf(bucket)).Name(Evidence.Of(call, steps.ObjectName, ApiCallFacts.Summary(call)));
        }
    }

    private static EntityKey KeyOf(string bucket) => EntityKey.Of(default, Encoding.UTF8.GetBytes(bucket));

    public override IEnumerable<Decision> Decide(TrailBucket state, Knowledge knowledge)
    {
        if (state is not { Named: { } named, Deletions.Latest: { } deletion }) yield break;
        var occurrences = new FindingState();
        occurrences.Merge(state.Deletions);
        occurrences.Keep(named); // the record that shows whose bucket it is
        yield return new Decision(deletion, occurrences);
    }
}
