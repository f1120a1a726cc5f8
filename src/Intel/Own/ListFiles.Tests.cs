using System.Text;
using Yagura.Core.Ports;

namespace Yagura.Intel.Tests;

public sealed class ListFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("s3://lists/a/b%20c.txt", "s3://lists/a/b c.txt")]
    [InlineData("https://s3.amazonaws.com/lists/b.txt", "s3://lists/b.txt")]
    [InlineData("https://s3-eu-west-1.amazonaws.com/lists/b.txt", "s3://lists/b.txt")]
    [InlineData("https://s3.eu-west-1.amazonaws.com/lists/b.txt", "s3://lists/b.txt")]
    [InlineData("http://lists.s3.amazonaws.com/b.txt", "s3://lists/b.txt")]
    [InlineData("http://my.lists.s3-eu-west-1.amazonaws.com/b.txt", "s3://my.lists/b.txt")]
    [InlineData("https://lists.s3.cn-north-1.amazonaws.com.cn/b.txt", "s3://lists/b.txt")]
    public async Task Every_form_of_a_place_in_S3_is_understood(string location, string expected)
    {
        using var files = new ListFiles(new Asked(), null);
        Assert.Equal($"{expected} of 111122223333", Encoding.UTF8.GetString(await files.Read(location, "111122223333", 100)));
    }

    [Theory]
    [InlineData("http://example.com/list", "not over http")]
    [InlineData("ftp://example.com/list", "not over ftp")]
    [InlineData("list.txt", "is no URL")]
    [InlineData("https://127.0.0.1:1/list", "not a public one")]
    [InlineData("https://localhost:1/list", "not a public one")]
    [InlineData("https://[::1]:1/list", "not a public one")]
    [InlineData("https://[::ffff:10.0.0.1]/list", "not a public one")]
    [InlineData("https://169.254.169.254/latest/meta-data", "not a public one")]
    [InlineData("https://10.1.2.3/list", "not a public one")]
    [InlineData("https://s3.amazonaws.com.evil.invalid/lists/b.txt", "cannot be reached")]
    [InlineData("file:///etc/passwd", "must lie below")]
    public async Task Places_that_are_nobodys_business_are_refused(string location, string reason)
    {
        using var files = new ListFiles(null, _folder);
        Assert.Contains(reason, (await Assert.ThrowsAsync<IOException>(() => files.Read(location, null, 100))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_read_below_their_folder_bounded_and_not_through_links()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lists", "more"));
        var path = Path.Combine(_folder, "lists", "more", "a.txt");
        await File.WriteAllTextAsync(path, "203.0.113.7");
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), "x");
        File.CreateSymbolicLink(Path.Combine(_folder, "lists", "link"), Path.Combine(_folder, "secret"));
        using var files = new ListFiles(null, Path.Combine(_folder, "lists"));
        Task<byte[]> Read(string to, int most = 100) => files.Read(new Uri(Path.Combine(_folder, "lists", to)).AbsoluteUri, null, most);

        Assert.Equal("203.0.113.7", Encoding.UTF8.GetString(await Read("more/a.txt", 11)));
        Assert.Contains("larger than 10 bytes", (await Assert.ThrowsAsync<IOException>(() => Read("more/a.txt", 10))).Message, StringComparison.Ordinal);
        Assert.Contains("is a link", (await Assert.ThrowsAsync<IOException>(() => Read("link"))).Message, StringComparison.Ordinal);
        Assert.Contains("must lie below", (await Assert.ThrowsAsync<IOException>(() => files.Read($"file://{_folder}/lists/../secret", null, 10))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => Read("missing"));
    }

    private sealed class Asked : IListFiles
    {
        public Task<byte[]> Read(string location, string? bucketOwner, int most, CancellationToken cancel = default) => Task.FromResult(Encoding.UTF8.GetBytes($"{location} of {bucketOwner}"));
    }
}
