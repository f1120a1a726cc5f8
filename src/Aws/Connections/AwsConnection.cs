using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;

namespace Yagura.Aws.Connections;

/// <summary>A client of one AWS service that is made when it is first needed, and again when making it failed.</summary>
/// <param name="connect">Makes the client.</param>
/// <param name="explain">An error in words that say what to do about it.</param>
internal sealed class AwsConnection<TClient>(Func<Task<TClient>> connect, Func<Exception, string> explain)
{
    private Task<TClient>? _client; // never disposed: its connections are shared by all clients of the process

    /// <exception cref="IOException">The request failed; the message starts with <paramref name="name"/>.</exception>
    public async Task<T> Ask<T>(string name, Func<TClient, Task<T>> request, CancellationToken cancel)
    {
        try
        {
            return await request(await Client(cancel));
        }
        catch (Exception error) when (!cancel.IsCancellationRequested) // the SDK throws what its parts throw: there is no common type
        {
            throw new IOException($"{name}: {explain(error)}", error);
        }
    }

    private async Task<TClient> Client(CancellationToken cancel)
    {
        var client = _client ??= connect();
        try
        {
            return await client.WaitAsync(cancel);
        }
        catch when (client.IsFaulted)
        {
            _client = null; // credentials may be there the next time
            throw;
        }
    }
}

internal static class AwsConnections
{
    /// <summary>Longest wait for a connection, for an answer, and for the next bytes of one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Longest wait for credentials; the instance metadata service is asked last, and off EC2 it never answers.</summary>
    public static readonly TimeSpan CredentialPatience = TimeSpan.FromSeconds(10);

    /// <summary>Sets the region of <paramref name="config"/> and the time it waits, and finds the credentials for it.</summary>
    /// <exception cref="CredentialsMissingException">There are none.</exception>
    public static async Task<AWSCredentials> Prepare(ClientConfig config, AwsAccess access)
    {
        // S3 tells the bucket's own region to whoever asks the first one, so a missing region need not stop a person.
        config.RegionEndpoint = RegionOf(access);
        config.ConnectTimeout = Patience;
        using var patience = new CancellationTokenSource(CredentialPatience);
        try
        {
            var own = await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(config, patience.Token);
            return access.RoleArn is null ? own
                : new AssumedRole(new AmazonSecurityTokenServiceClient(own, new AmazonSecurityTokenServiceConfig { RegionEndpoint = config.RegionEndpoint }), access);
        }
        catch (Exception error) when (error is AmazonClientException or OperationCanceledException)
        {
            throw new CredentialsMissingException(error);
        }
    }

    private static RegionEndpoint RegionOf(AwsAccess access) => access.Region is { } region
        ? RegionEndpoint.GetBySystemName(region)
        : FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false) ?? RegionEndpoint.USEast1;
}

/// <summary>The standard chain has no credentials for this process.</summary>
internal sealed class CredentialsMissingException(Exception inner)
    : Exception("no AWS credentials were found (environment, shared profile, SSO, web identity, container or instance role)", inner);
