using Yagura.Detectors.Stealth.IAMUser;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class TrailBucketDeletedTests
{
    private static readonly string Created = Event("cloudtrail", "CreateTrail", """{"name":"audit","s3BucketName":"audit-logs"}""", """{"eventTime":"2026-03-01T09:00:00Z"}""");
    private static readonly string Updated = Event("cloudtrail", "UpdateTrail", """{"name":"audit","enableLogFileValidation":true}""", """{"responseElements":{"name":"audit","s3BucketName":"audit-logs"}}""");
    private static readonly string Deleted = Event("s3", "DeleteBucket", """{"bucketName":"audit-logs","Host":"audit-logs.s3.amazonaws.com"}""");

    /// <summary>The decisions after each object is read on its own and merged, in the given order.</summary>
    private static IReadOnlyList<Decision> Found(params string[][] objects)
    {
        var detector = new TrailBucketDeleted();
        var states = new Dictionary<EntityKey, TrailBucket>();
        for (var i = 0; i < objects.Length; i++)
        {
            var steps = new Steps($"object-{i}");
            Read(call => detector.Observe(call, Knowledge.Nothing, steps), objects[i]);
            foreach (var (key, step) in steps.All)
            {
                if (!states.TryGetValue(key, out var state)) states.Add(key, state = new());
                state.Merge(step);
            }
        }
        return [.. states.Values.SelectMany(state => detector.Decide(state, Knowledge.Nothing))];
    }

    [Fact]
    public void The_bucket_of_a_trail_is_found_whichever_record_comes_first()
    {
        foreach (var named in new[] { Created, Updated })
        {
            foreach (var objects in new string[][][] { [[named, Deleted]], [[Deleted], [named]], [[named], [Deleted], [Deleted]] })
            {
                var found = Assert.Single(Found(objects));
                Assert.Equal("the bucket audit-logs, which a trail delivers to, was deleted", found.Occurrences.Latest?.Why);
                Assert.Equal((User, 1, 2), (found.Detection.Subject, found.Occurrences.Occurrences.Count, found.Occurrences.Evidence.Count));
            }
        }
    }

    [Fact]
    public void Another_bucket_a_refused_deletion_and_a_trail_that_was_never_made_are_quiet()
    {
        Assert.Empty(Found([Deleted]));
        Assert.Empty(Found([Created]));
        Assert.Empty(Found([Created, Event("s3", "DeleteBucket", """{"bucketName":"holiday-pictures"}""")]));
        Assert.Empty(Found([Created, Event("s3", "DeleteBucket", """{"bucketName":"audit-logs"}""", """{"errorCode":"BucketNotEmpty"}""")]));
        Assert.Empty(Found([Event("cloudtrail", "CreateTrail", """{"name":"audit","s3BucketName":"audit-logs"}""", """{"errorCode":"InsufficientS3BucketPolicyException"}"""), Deleted]));
    }

    private sealed class Steps(string name) : ISteps<TrailBucket>
    {
        public Dictionary<EntityKey, TrailBucket> All { get; } = [];
        public string ObjectName => name;
        public TrailBucket Of(EntityKey key) => All.TryGetValue(key, out var step) ? step : All[key] = new();
    }
}
