using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Yagura.Aws.GuardDuty;

/// <summary>Changes settings of a Yagura in one region, through its own GuardDuty API; never those of AWS.</summary>
public sealed class YaguraWriter
{
    private readonly GuardDutyClient _client;

    private YaguraWriter(GuardDutyClient client) => _client = client;

    /// <param name="accessKeyId">Of Yagura (<c>yagura keys create</c>).</param>
    /// <exception cref="ArgumentException">The endpoint is AWS's, or no URL of a server; the message is for people.</exception>
    public static YaguraWriter To(Uri endpoint, string region, string accessKeyId, string secretAccessKey, TimeProvider time)
    {
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https")) throw new ArgumentException($"{endpoint} is no URL of a server", nameof(endpoint));
        if (IsOfAws(endpoint.IdnHost)) throw new ArgumentException($"{endpoint.Host} is AWS's own: Yagura never writes there", nameof(endpoint));
        var keys = new ImmutableCredentials(accessKeyId, secretAccessKey, null);
        return new(new(region, endpoint, () => Task.FromResult(keys), time));
    }

    public GuardDutyReader Reader => new(_client);

    /// <exception cref="GuardDutyException">It refused; the message says why.</exception>
    public Task<JsonObject> Write(SettingChange change, CancellationToken cancel = default) => _client.Send(change.Operation, HttpMethod.Post, change.Path, body: change.Body, cancel: cancel);

    private static bool IsOfAws(string host) =>
        host.TrimEnd('.').ToLowerInvariant() is var name && (name.Contains("amazonaws.", StringComparison.Ordinal) || name.EndsWith(".aws", StringComparison.Ordinal) || name.EndsWith(".aws.dev", StringComparison.Ordinal));
}

/// <summary>A call that changes a setting.</summary>
/// <param name="Path">Segments.</param>
public sealed record SettingChange(string Operation, IReadOnlyList<string> Path, JsonObject Body);
