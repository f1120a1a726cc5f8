using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Yagura.Aws.Connections;

/// <summary>The credentials of a role, which are asked for anew some minutes before they expire.</summary>
/// <remarks>The SDK's own class of this kind finds its client by reflection, which a natively compiled program does not have.</remarks>
internal sealed class AssumedRole : RefreshingAWSCredentials
{
    /// <summary>Appears in CloudTrail as the session's name.</summary>
    public const string SessionName = "yagura";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly AmazonSecurityTokenServiceClient _client;
    private readonly AwsAccess _access;

    public AssumedRole(AmazonSecurityTokenServiceClient client, AwsAccess access)
    {
        (_client, _access) = (client, access);
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var answer = await _client.AssumeRoleAsync(new AssumeRoleRequest
        {
            RoleArn = _access.RoleArn, RoleSessionName = SessionName, ExternalId = _access.ExternalId, DurationSeconds = (int)Lifetime.TotalSeconds,
        });
        var credentials = answer.Credentials;
        return new(new ImmutableCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken), credentials.Expiration!.Value.ToUniversalTime());
    }
}
