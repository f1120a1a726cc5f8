using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Yagura.Aws.Connections;
using Yagura.Core.Ports;

namespace Yagura.Aws;

/// <summary>Logs in an S3 bucket, by <c>ListObjectsV2</c> and <c>GetObject</c> only.</summary>
/// <remarks>Credentials, region and endpoint come from the standard AWS chain (environment with <c>AWS_ENDPOINT_URL_S3</c>, shared profile, SSO, web
/// identity, container and instance role), or are those of a role to assume. With an endpoint of one's own, buckets are addressed by path.</remarks>
public sealed class S3Objects : ILogObjects
{
    private readonly S3Location _location;
    private readonly S3Connection _connection;

    public S3Objects(S3Location location) : this(location, S3Connection.For(AwsAccess.Own)) { }

    internal S3Objects(S3Location location, S3Connection connection) => (_location, _connection) = (location, connection);

    /// <inheritdoc/>
    /// <remarks>In the order of the keys' UTF-8 bytes. The empty objects that stand for folders (keys ending in <c>/</c>) are left out.</remarks>
    public IAsyncEnumerable<LogObjectReference> List(CancellationToken cancel = default) => List(_location.Prefix, after: null, cancel);

    /// <param name="prefix">Of the keys, instead of the location's own.</param>
    /// <param name="after">A key that the listing starts behind; null for all.</param>
    internal async IAsyncEnumerable<LogObjectReference> List(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = _location.Bucket, Prefix = prefix, StartAfter = after };
        do
        {
            var page = await _connection.Ask(_location.NameOf(prefix), client => client.ListObjectsV2Async(request, cancel), cancel);
            foreach (var entry in page.S3Objects ?? [])
            {
                if (entry.Size == 0 && entry.Key.EndsWith('/')) continue;
                yield return new(_location.NameOf(entry.Key), entry.Size, entry.ETag?.Trim('"'), entry.LastModified?.ToUniversalTime());
            }
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>The names between <paramref name="prefix"/> (empty, or ending in <c>/</c>) and the next slash of its keys, at most <paramref name="most"/>.</summary>
    internal async Task<IReadOnlyList<string>> Folders(string prefix, int most, CancellationToken cancel)
    {
        var folders = new List<string>();
        var request = new ListObjectsV2Request { BucketName = _location.Bucket, Prefix = prefix, Delimiter = "/" };
        do
        {
            var page = await _connection.Ask(_location.NameOf(prefix), client => client.ListObjectsV2Async(request, cancel), cancel);
            folders.AddRange((page.CommonPrefixes ?? []).Select(folder => folder[prefix.Length..].TrimEnd('/')));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null && folders.Count < most);
        return folders;
    }

    /// <inheritdoc/>
    /// <remarks>A read that breaks goes on behind the last byte received, of the same version: bytes of two versions are never mixed.</remarks>
    public async Task<Stream> Open(LogObjectReference reference, CancellationToken cancel = default)
    {
        var first = await OpenFrom(reference, 0, cancel);
        return new ResumingStream(reference.Name, first, reference.Size, (position, token) => OpenFrom(reference, position, token), _connection.Patience);
    }

    private async Task<Stream> OpenFrom(LogObjectReference reference, long position, CancellationToken cancel)
    {
        var request = new GetObjectRequest
        {
            BucketName = _location.Bucket,
            Key = _location.KeyOf(reference.Name),
            EtagToMatch = reference.Version is null ? null : $"\"{reference.Version}\"",
            ByteRange = position == 0 ? null : new ByteRange(position, long.MaxValue),
        };
        return (await _connection.Ask(reference.Name, client => client.GetObjectAsync(request, cancel), cancel)).ResponseStream;
    }
}

/// <summary>A connection to S3 that any number of buckets share.</summary>
/// <param name="Patience">Longest wait for a connection, for an answer, and for the next bytes of one.</param>
internal sealed record S3Connection(AwsConnection<AmazonS3Client> Connection, TimeSpan Patience)
{
    public static S3Connection For(AwsAccess access) => new(new(async () =>
    {
        var config = new AmazonS3Config();
        return Connect(await AwsConnections.Prepare(config, access), config, AwsConnections.Patience);
    }, S3Failure.Explain), AwsConnections.Patience);

    public static S3Connection For(AWSCredentials credentials, AmazonS3Config config, TimeSpan patience) =>
        new(new(() => Task.FromResult(Connect(credentials, config, patience)), S3Failure.Explain), patience);

    public Task<T> Ask<T>(string name, Func<AmazonS3Client, Task<T>> request, CancellationToken cancel) => Connection.Ask(name, request, cancel);

    private static AmazonS3Client Connect(AWSCredentials credentials, AmazonS3Config config, TimeSpan patience)
    {
        config.ForcePathStyle = config.ServiceURL is not null;
        config.ConnectTimeout = patience;
        config.Timeout = patience;
        return new(credentials, config);
    }
}
