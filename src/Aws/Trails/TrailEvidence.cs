using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;
using Yagura.Aws.Connections;
using Yagura.Core.Ports;

namespace Yagura.Aws.Trails;

/// <summary>Files of trails in S3, and the keys that CloudTrail publishes.</summary>
/// <remarks>Uses <c>s3:GetObject</c> and <c>cloudtrail:ListPublicKeys</c>. Keys of a region and day are asked for once.</remarks>
public sealed class TrailEvidence : ITrailEvidence
{
    private const int MostRemembered = 1_000;

    private readonly S3Connection _s3;
    private readonly PublicKeys _keys;
    private readonly ConcurrentDictionary<(string, DateOnly), IReadOnlyList<TrailKey>> _known = new();

    public TrailEvidence(AwsAccess access, TimeProvider time) : this(S3Connection.For(access), new(access, time)) { }

    internal TrailEvidence(S3Connection s3, PublicKeys keys) => (_s3, _keys) = (s3, keys);

    public async Task<Stream> Open(string bucket, string key, CancellationToken cancel = default)
    {
        var location = new S3Location(bucket, "");
        var reference = new LogObjectReference(location.NameOf(key), null, null, null);
        return await Told(reference.Name, () => new S3Objects(location, _s3).Open(reference, cancel));
    }

    public async Task<string?> SignatureOf(string bucket, string key, CancellationToken cancel = default)
    {
        var name = new S3Location(bucket, "").NameOf(key);
        var request = new GetObjectMetadataRequest { BucketName = bucket, Key = key };
        var answer = await Told(name, () => _s3.Ask(name, client => client.GetObjectMetadataAsync(request, cancel), cancel));
        return answer.Metadata["x-amz-meta-signature"];
    }

    public async Task<IReadOnlyList<TrailKey>> Keys(string region, DateTimeOffset at, CancellationToken cancel = default)
    {
        var day = (region, DateOnly.FromDateTime(at.UtcDateTime));
        if (_known.TryGetValue(day, out var known)) return known;
        if (_known.Count >= MostRemembered) _known.Clear();
        return _known[day] = await _keys.List(region, at, cancel);
    }

    private static async Task<T> Told<T>(string name, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (IOException error) when (error.InnerException is AmazonS3Exception { StatusCode: System.Net.HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            throw new FileNotFoundException($"{name} is not there", error);
        }
    }
}
