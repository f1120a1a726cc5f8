using System.Security.Cryptography;
using System.Text;
using Amazon.S3.Model;
using Yagura.Aws.Connections;
using Yagura.Core.Ports;

namespace Yagura.Aws.Tests;

/// <summary>Against a real S3 implementation on loopback.</summary>
public sealed class S3ObjectsTests(Moto moto) : IClassFixture<Moto>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => moto.Start();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_listing_goes_over_all_pages_in_the_order_of_keys_and_leaves_out_folders()
    {
        var bucket = await Bucket("paged");
        const int Objects = 1100; // a page of S3 has at most 1,000
        await Parallel.ForAsync(0, Objects, async (number, _) => await Put(bucket, $"AWSLogs/{number:D4}.json", "{}"));
        await Put(bucket, "AWSLogs/", "");
        await Put(bucket, "elsewhere", "{}");

        var objects = At(bucket, "AWSLogs/");
        var listed = await objects.List().ToListAsync();

        Assert.Equal(Enumerable.Range(0, Objects).Select(number => $"s3://{bucket}/AWSLogs/{number:D4}.json"), listed.Select(reference => reference.Name));
        Assert.All(listed, reference => Assert.Equal(2, reference.Size));
        Assert.All(listed, reference => Assert.Equal("99914b932bd37a50b983c5e7c90ae93b", reference.Version)); // MD5 of {}
        Assert.All(listed, reference => Assert.Equal(TimeSpan.Zero, reference.LastModified!.Value.Offset));
    }

    [Fact]
    public async Task An_object_has_the_bytes_that_were_put_whatever_its_key()
    {
        var bucket = await Bucket("keys");
        string[] keys = ["plain.json.gz", "with space+plus%25&amp;.json", "櫓/día.json", "a//b", "s3://inside/a/key"];
        foreach (var key in keys) await Put(bucket, key, $"bytes of {key}");

        var objects = At(bucket, "");
        var listed = await objects.List().ToListAsync();

        Assert.Equal(keys.Order(StringComparer.Ordinal), listed.Select(reference => reference.Name[$"s3://{bucket}/".Length..]).Order(StringComparer.Ordinal));
        foreach (var reference in listed)
            Assert.Equal($"bytes of {reference.Name[$"s3://{bucket}/".Length..]}", Encoding.UTF8.GetString(await ReadAll(objects, reference)));
    }

    [Fact]
    public async Task A_prefix_without_objects_lists_nothing()
    {
        var objects = At(await Bucket("empty"), "no/such/");
        Assert.Empty(await objects.List().ToListAsync());
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_named()
    {
        var objects = At("no-such-bucket", "a/");
        var error = await Assert.ThrowsAsync<IOException>(async () => await objects.List().ToListAsync());
        Assert.Equal("s3://no-such-bucket/a/: the bucket does not exist", error.Message);
    }

    [Fact]
    public async Task An_object_that_changed_or_went_since_it_was_listed_is_not_read_as_if_it_had_not()
    {
        var bucket = await Bucket("moving");
        await Put(bucket, "changed", "before");
        await Put(bucket, "gone", "before");
        var objects = At(bucket, "");
        var listed = await objects.List().ToListAsync();
        await Put(bucket, "changed", "after");
        await moto.Client.DeleteObjectAsync(bucket, "gone");

        var changed = await Assert.ThrowsAsync<IOException>(() => objects.Open(listed[0]));
        var gone = await Assert.ThrowsAsync<IOException>(() => objects.Open(listed[1]));
        Assert.Equal($"s3://{bucket}/changed: the object was overwritten since it was listed", changed.Message);
        Assert.Equal($"s3://{bucket}/gone: the object is gone since it was listed", gone.Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_again_and_again_still_yields_every_byte_once()
    {
        var (reference, bytes) = await Large("broken", 400_000);
        await using var network = Loopback.CuttingAfter(65_536, moto.Endpoint);
        var objects = At("broken", "", network.Endpoint);

        Assert.Equal(bytes, await ReadAll(objects, reference));
        Assert.InRange(network.Connections, 7, 1 + ResumingStream.MostBreaks);
    }

    [Fact]
    public async Task A_connection_that_falls_silent_is_left_for_another()
    {
        var (reference, bytes) = await Large("silent", 400_000);
        await using var network = Loopback.StallingAfter(300_000, moto.Endpoint);
        var objects = At("silent", "", network.Endpoint, TimeSpan.FromSeconds(1));

        Assert.Equal(bytes, await ReadAll(objects, reference));
        Assert.InRange(network.Connections, 2, 1 + ResumingStream.MostBreaks);
    }

    [Fact]
    public async Task An_object_whose_connection_never_lasts_is_given_up_with_the_place_where()
    {
        var (reference, _) = await Large("hopeless", 400_000);
        await using var network = Loopback.CuttingAfter(16_384, moto.Endpoint);
        var objects = At("hopeless", "", network.Endpoint);

        var error = await Assert.ThrowsAsync<IOException>(() => ReadAll(objects, reference));
        Assert.StartsWith("s3://hopeless/large: the connection broke 9 times, last at byte ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_is_overwritten_while_its_connection_is_broken_is_not_mixed_of_both()
    {
        var (reference, bytes) = await Large("mixed", 400_000);
        await using var network = Loopback.CuttingAfter(65_536, moto.Endpoint);
        var objects = At("mixed", "", network.Endpoint);
        await using var stream = await objects.Open(reference);
        await stream.ReadExactlyAsync(new byte[10]);
        await Put("mixed", "large", "another");

        var error = await Assert.ThrowsAsync<IOException>(() => stream.ReadExactlyAsync(new byte[bytes.Length - 10]).AsTask());
        Assert.Equal("s3://mixed/large: the object was overwritten since it was listed", error.Message);
    }

    private S3Objects At(string bucket, string prefix, Uri? endpoint = null, TimeSpan? patience = null) =>
        new(new(bucket, prefix), S3Connection.For(Moto.AnyCredentials, Moto.ConfigFor(endpoint ?? moto.Endpoint), patience ?? AwsConnections.Patience));

    private async Task<string> Bucket(string name)
    {
        await moto.Client.PutBucketAsync(name);
        return name;
    }

    private Task Put(string bucket, string key, string content) =>
        moto.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = content });

    private async Task<(LogObjectReference Reference, byte[] Bytes)> Large(string bucket, int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        await Bucket(bucket);
        await moto.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "large", InputStream = new MemoryStream(bytes) });
        var objects = At(bucket, "");
        return (await objects.List().SingleAsync(), bytes);
    }

    private static async Task<byte[]> ReadAll(S3Objects objects, LogObjectReference reference)
    {
        await using var stream = await objects.Open(reference);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
