using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.S3.Model;
using Yagura.Core.Ports;

namespace Yagura.Aws;

/// <summary>Logs in an S3 bucket, by <c>ListObjectsV2</c> and <c>GetObject</c> only.</summary>
/// <remarks>Credentials, region and endpoint come from the standard AWS chain (environment with <c>AWS_ENDPOINT_URL_S3</c>, shared profile, SSO, web
/// identity, container and instance role). With an endpoint of one's own, buckets are addressed by path.</remarks>
public sealed class S3Objects : ILogObjects
{
    /// <summary>Longest wait for a connection, for an answer, and for the next bytes of one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Longest wait for credentials; the instance metadata service is asked last, and off EC2 it never answers.</summary>
    public static readonly TimeSpan CredentialPatience = TimeSpan.FromSeconds(10);

    private readonly S3Location _location;
    private readonly TimeSpan _patience;
    private readonly Lazy<Task<AmazonS3Client>> _client; // never disposed: its connections are shared by all clients of the process

    public S3Objects(S3Location location) : this(location, Patience, Connect) { }

    internal S3Objects(S3Location location, AWSCredentials credentials, AmazonS3Config config, TimeSpan patience)
        : this(location, patience, () => Task.FromResult(Connect(credentials, config, patience))) { }

    private S3Objects(S3Location location, TimeSpan patience, Func<Task<AmazonS3Client>> connect)
    {
        _location = location;
        _patience = patience;
        _client = new(connect);
    }

    /// <inheritdoc/>
    /// <remarks>In the order of the keys' UTF-8 bytes. The empty objects that stand for folders (keys ending in <c>/</c>) are left out.</remarks>
    public async IAsyncEnumerable<LogObjectReference> List([EnumeratorCancellation] CancellationToken cancel = default)
    {
        var request = new ListObjectsV2Request { BucketName = _location.Bucket, Prefix = _location.Prefix };
        do
        {
            var page = await Ask(_location.ToString(), client => client.ListObjectsV2Async(request, cancel), cancel);
            foreach (var entry in page.S3Objects ?? [])
            {
                if (entry.Size == 0 && entry.Key.EndsWith('/')) continue;
                yield return new(_location.NameOf(entry.Key), entry.Size, entry.ETag?.Trim('"'), entry.LastModified?.ToUniversalTime());
            }
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc/>
    /// <remarks>A read that breaks goes on behind the last byte received, of the same version: bytes of two versions are never mixed.</remarks>
    public async Task<Stream> Open(LogObjectReference reference, CancellationToken cancel = default)
    {
        var first = await OpenFrom(reference, 0, cancel);
        return new ResumingStream(reference.Name, first, reference.Size, (position, token) => OpenFrom(reference, position, token), _patience);
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
        return (await Ask(reference.Name, client => client.GetObjectAsync(request, cancel), cancel)).ResponseStream;
    }

    private static async Task<AmazonS3Client> Connect()
    {
        var config = new AmazonS3Config();
        // S3 tells the bucket's own region to whoever asks the first one, so a missing region need not stop a person.
        config.RegionEndpoint = FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false) ?? RegionEndpoint.USEast1;
        using var patience = new CancellationTokenSource(CredentialPatience);
        try
        {
            return Connect(await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(config, patience.Token), config, Patience);
        }
        catch (Exception error) when (error is AmazonClientException or OperationCanceledException)
        {
            throw new CredentialsMissingException(error);
        }
    }

    private static AmazonS3Client Connect(AWSCredentials credentials, AmazonS3Config config, TimeSpan patience)
    {
        config.ForcePathStyle = config.ServiceURL is not null;
        config.ConnectTimeout = patience;
        config.Timeout = patience;
        return new(credentials, config);
    }

    private async Task<T> Ask<T>(string name, Func<AmazonS3Client, Task<T>> request, CancellationToken cancel)
    {
        try
        {
            return await request(await _client.Value.WaitAsync(cancel));
        }
        catch (Exception error) when (!cancel.IsCancellationRequested) // the SDK throws what its parts throw: there is no common type
        {
            throw new IOException($"{name}: {S3Failure.Explain(error)}", error);
        }
    }
}
