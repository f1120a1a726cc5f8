using System.Net;
using System.Text.Json.Nodes;
using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Yagura.Aws.Connections;

namespace Yagura.Aws.GuardDuty;

/// <summary>Reads what is set up in a GuardDuty of one region. It only ever asks by GET, so it can change nothing.</summary>
public sealed class GuardDutyReader
{
    /// <summary>Most settings of a kind; GuardDuty itself allows 100.</summary>
    public const int MostSettings = 1_000;

    private const int MostPages = 100;

    private readonly GuardDutyClient _client;

    internal GuardDutyReader(GuardDutyClient client) => _client = client;

    /// <summary>The GuardDuty of AWS.</summary>
    /// <param name="access">Whose rights are used, and the region, which must be there.</param>
    /// <param name="profile">A profile of the shared files; null for the standard chain.</param>
    /// <param name="endpoint">Where it is asked; null for AWS's own.</param>
    public static GuardDutyReader Of(AwsAccess access, string? profile, Uri? endpoint, TimeProvider time)
    {
        var region = access.Region ?? throw new ArgumentException("a region is needed", nameof(access));
        Task<AWSCredentials>? chain = null; // found once, asked for each request: it renews what expires
        return new(new(region, endpoint ?? EndpointOf(region), Credentials, time));

        async Task<ImmutableCredentials> Credentials()
        {
            var config = new AmazonSecurityTokenServiceConfig();
            if (profile is not null) config.Profile = new Profile(profile);
            return await (await (chain ??= AwsConnections.Prepare(config, access))).GetCredentialsAsync();
        }
    }

    /// <exception cref="GuardDutyException">Not even the detector can be read. What else cannot is among the problems.</exception>
    public async Task<GuardDutySettings> Read(CancellationToken cancel = default)
    {
        var detectors = await List("ListDetectors", ["detector"], "detectorIds", cancel);
        if (detectors.Count == 0) return new(_client.Region, null, null, [], []);
        var id = detectors[0];
        var detector = await Get("GetDetector", ["detector", id], cancel);
        var (settings, problems) = (new List<GuardDutySetting>(), new List<GuardDutyProblem>());
        foreach (var kind in SettingKind.All)
        {
            try
            {
                foreach (var name in await List($"List{kind.Plural}", ["detector", id, kind.Path], kind.Ids, cancel))
                {
                    var value = await Get($"Get{kind.Operation}", ["detector", id, kind.Path, name], cancel);
                    settings.Add(new(kind, name, value["name"] is JsonValue text && text.TryGetValue<string>(out var own) ? own : name, value));
                }
            }
            catch (GuardDutyException error) when (error.Status is not null)
            {
                problems.Add(new(kind, null, error.Message)); // the others may be readable
            }
        }
        return new(_client.Region, id, detector, settings, problems);
    }

    private Task<JsonObject> Get(string operation, string[] path, CancellationToken cancel) => _client.Send(operation, HttpMethod.Get, path, cancel: cancel);

    private async Task<IReadOnlyList<string>> List(string operation, string[] path, string list, CancellationToken cancel)
    {
        var found = new List<string>();
        var query = new Dictionary<string, string>(StringComparer.Ordinal) { ["maxResults"] = "50" };
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await _client.Send(operation, HttpMethod.Get, path, query, cancel: cancel);
            if (answer[list] is not JsonArray names) throw new GuardDutyException(operation, $"the answer to {operation} has no {list}", HttpStatusCode.OK);
            found.AddRange(names.OfType<JsonValue>().Select(name => name.ToString()));
            if (found.Count > MostSettings) throw new GuardDutyException(operation, $"there are more than {MostSettings} of them", HttpStatusCode.OK);
            if (answer["nextToken"] is not JsonValue token || token.ToString().Length == 0) return found;
            query["nextToken"] = token.ToString();
        }
        throw new GuardDutyException(operation, $"the answer to {operation} never ends", HttpStatusCode.OK);
    }

    private static Uri EndpointOf(string region) => new($"https://guardduty.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}/");
}
