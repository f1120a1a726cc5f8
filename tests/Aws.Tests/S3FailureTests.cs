using Yagura.Aws.Connections;

namespace Yagura.Aws.Tests;

/// <summary>What a person is told when S3 or the way to it fails. Sets environment variables, so it is one class: its tests run one after the other.</summary>
public sealed class S3FailureTests
{
    private static readonly S3Location Location = new("trail-logs", "AWSLogs/");

    [Theory]
    [InlineData("403 Forbidden", "AccessDenied", "access is denied; needed are s3:ListBucket on the bucket, ")]
    [InlineData("403 Forbidden", "InvalidAccessKeyId", "the AWS credentials are not valid (InvalidAccessKeyId)")]
    [InlineData("400 Bad Request", "ExpiredToken", "the AWS credentials are not valid (ExpiredToken)")]
    [InlineData("403 Forbidden", "InvalidObjectState", "the object is archived and must be restored before it can be read")]
    [InlineData("418 I'm a teapot", "\u001b[2Jhostile", "S3 answered 418")]
    public async Task A_refusal_says_what_to_do_and_repeats_nothing_that_the_server_made_up(string status, string code, string expected)
    {
        var body = $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>hostile</Message></Error>";
        await using var server = Loopback.Answering($"HTTP/1.1 {status}\nContent-Type: application/xml\nContent-Length: {body.Length}\nConnection: close\n\n{body}");

        var message = await FailureOf(server.Endpoint, AwsConnections.Patience);
        Assert.StartsWith("s3://trail-logs/AWSLogs/: " + expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hostile", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_not_S3_is_a_failure_with_a_reason()
    {
        await using var server = Loopback.Answering("HTTP/1.1 200 OK\nContent-Length: 5\nConnection: close\n\nhello");
        Assert.Equal("s3://trail-logs/AWSLogs/: the request or its answer does not make sense to the AWS SDK", await FailureOf(server.Endpoint, AwsConnections.Patience));
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up_in_bounded_time()
    {
        await using var server = Loopback.Silent();
        Assert.Equal("s3://trail-logs/AWSLogs/: S3 cannot be reached, or does not answer in time", await FailureOf(server.Endpoint, TimeSpan.FromMilliseconds(200)));
        Assert.InRange(server.Connections, 1, 8);
    }

    [Fact]
    public async Task An_endpoint_where_nobody_listens_is_said_to_be_out_of_reach()
    {
        Uri nobody;
        await using (var server = Loopback.Silent()) nobody = server.Endpoint;
        Assert.Equal("s3://trail-logs/AWSLogs/: S3 cannot be reached, or does not answer in time", await FailureOf(nobody, AwsConnections.Patience));
    }

    [Fact]
    public async Task Credentials_and_endpoint_come_from_the_environment()
    {
        const string Answer = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
        await using var server = Loopback.Answering($"HTTP/1.1 200 OK\nContent-Length: {Answer.Length}\nConnection: close\n\n{Answer}");
        using var environment = new EnvironmentOf(
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "any"), ("AWS_ENDPOINT_URL_S3", server.Endpoint.ToString()));

        var objects = new S3Objects(Location);
        Assert.Empty(await objects.List().ToListAsync());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Without_credentials_a_person_is_told_where_they_were_looked_for()
    {
        using var environment = new EnvironmentOf();
        var objects = new S3Objects(Location);
        var error = await Assert.ThrowsAsync<IOException>(async () => await objects.List().ToListAsync());
        Assert.StartsWith("s3://trail-logs/AWSLogs/: no AWS credentials were found (environment, shared profile, ", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> FailureOf(Uri endpoint, TimeSpan patience)
    {
        var objects = new S3Objects(Location, S3Connection.For(Moto.AnyCredentials, Moto.ConfigFor(endpoint), patience));
        return (await Assert.ThrowsAsync<IOException>(async () => await objects.List().ToListAsync())).Message;
    }

    /// <summary>The AWS settings of this process, replaced for a while by the given ones and none that the machine has.</summary>
    private sealed class EnvironmentOf : IDisposable
    {
        private readonly Dictionary<string, string?> _before = new(StringComparer.Ordinal);

        public EnvironmentOf(params (string Name, string Value)[] settings)
        {
            foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
                Set(name, null);
            Set("AWS_EC2_METADATA_DISABLED", "true");
            Set("AWS_CONFIG_FILE", Path.Combine(AppContext.BaseDirectory, "no-such-file"));
            Set("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(AppContext.BaseDirectory, "no-such-file"));
            foreach (var (name, value) in settings) Set(name, value);
        }

        public void Dispose()
        {
            foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
        }

        private void Set(string name, string? value)
        {
            _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
