using System.Text.Json.Serialization;

namespace Yagura.Detectors.Stealth.IAMUser;

/// <summary>What was seen of one bucket: whether a trail delivers to it, and whether it was deleted.</summary>
public sealed class TrailBucket : IMergeable<TrailBucket>
{
    private const int ExactDeletions = 64;
    private const int EvidenceKept = 5;

    public TrailBucket() => Deletions = new(ExactDeletions, EvidenceKept);

    [JsonConstructor]
    public TrailBucket(Evidence? named, FindingState deletions)
    {
        Named = named;
        Deletions = deletions;
    }

    /// <summary>The earliest record that names the bucket as a trail's; null as long as none does.</summary>
    public Evidence? Named { get; private set; }

    public FindingState Deletions { get; }

    public void Name(Evidence record)
    {
        if (Named is not null)
        {
            var order = Evidence.ByTime.Compare(record, Named);
            if (order > 0 || (order == 0 && !record.IsNamedBefore(Named))) return;
        }
        Named = record;
    }

    public void Merge(TrailBucket other)
    {
        if (other.Named is not null) Name(other.Named);
        Deletions.Merge(other.Deletions);
    }
}
