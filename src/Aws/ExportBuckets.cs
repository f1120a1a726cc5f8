using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;
using Yagura.Aws.Connections;
using Yagura.Core.Ports;

namespace Yagura.Aws;

/// <summary>Buckets that findings are written to.</summary>
public sealed class ExportBuckets : IExportBuckets
{
    private readonly S3Connection _connection;

    public ExportBuckets(AwsAccess access) : this(S3Connection.For(access)) { }

    internal ExportBuckets(S3Connection connection) => _connection = connection;

    /// <inheritdoc/>
    public async Task Write(string bucket, string key, ReadOnlyMemory<byte> bytes, string? kmsKeyArn, CancellationToken cancel = default)
    {
        using var body = new MemoryStream(bytes.ToArray(), writable: false);
        var request = new PutObjectRequest { BucketName = bucket, Key = key, InputStream = body, AutoCloseStream = false };
        if (kmsKeyArn is not null) (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, kmsKeyArn);
        await _connection.Ask($"s3://{bucket}/{key}", client => client.PutObjectAsync(request, cancel), cancel);
    }
}

/// <summary>The organization's own lists in buckets.</summary>
public sealed class ListBuckets : IListFiles
{
    private readonly S3Connection _connection;

    public ListBuckets(AwsAccess access) : this(S3Connection.For(access)) { }

    internal ListBuckets(S3Connection connection) => _connection = connection;

    /// <inheritdoc/>
    public async Task<byte[]> Read(string location, string? bucketOwner, int most, CancellationToken cancel = default)
    {
        var place = S3Location.Parse(location);
        var request = new GetObjectRequest { BucketName = place.Bucket, Key = place.Prefix, ExpectedBucketOwner = bucketOwner };
        using var answer = await _connection.Ask(location, client => client.GetObjectAsync(request, cancel), cancel);
        if (answer.ContentLength > most) throw new IOException($"{location}: is larger than {most} bytes");
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await answer.ResponseStream.ReadAsync(buffer, cancel)) > 0)
        {
            if (bytes.Length + read > most) throw new IOException($"{location}: is larger than {most} bytes");
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }
}

/// <summary>Objects of any bucket, by their names.</summary>
public sealed class AnyBucket(AwsAccess access)
{
    private readonly S3Connection _connection = S3Connection.For(access);
    private readonly ConcurrentDictionary<string, S3Objects> _buckets = new(StringComparer.Ordinal);

    /// <exception cref="IOException">It cannot be had; the message is for people.</exception>
    public Task<Stream> Open(LogObjectReference reference, CancellationToken cancel)
    {
        var place = S3Location.Parse(reference.Name);
        return _buckets.GetOrAdd(place.Bucket, bucket => new(new(bucket, ""), _connection)).Open(reference, cancel);
    }
}
