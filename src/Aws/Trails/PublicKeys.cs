using System.Globalization;
using Amazon.Runtime;
using Yagura.Aws.Connections;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Aws.Trails;

/// <summary>CloudTrail's <c>ListPublicKeys</c>, asked for without the SDK's package of CloudTrail.</summary>
/// <param name="credentials">Whose rights are used; made when first needed.</param>
/// <param name="endpoint">Of a region; the default is AWS's own.</param>
internal sealed class PublicKeys(Func<Task<AWSCredentials>> credentials, Func<string, Uri> endpoint, TimeProvider time)
{
    private const string Target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys";
    private const int LargestAnswer = 4 << 20, MostPages = 20;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = AwsConnections.Patience })
    {
        Timeout = AwsConnections.Patience, MaxResponseContentBufferSize = LargestAnswer,
    };

    public PublicKeys(AwsAccess access, TimeProvider time)
        : this(() => AwsConnections.Prepare(new Amazon.S3.AmazonS3Config(), access), EndpointOf, time) { }

    /// <exception cref="IOException">They cannot be had now.</exception>
    public async Task<IReadOnlyList<TrailKey>> List(string region, DateTimeOffset at, CancellationToken cancel)
    {
        if (!DeliveredName.IsRegion(region)) throw new IOException("the digest does not tell its region");
        var keys = new List<TrailKey>();
        string? token = null;
        for (var page = 0; page < MostPages; page++)
        {
            var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var next = token is null ? "" : $",\"NextToken\":\"{System.Text.Json.JsonEncodedText.Encode(token)}\"";
            keys.AddRange(await Ask(region, $"{{\"StartTime\":{seconds},\"EndTime\":{seconds}{next}}}", cancel) ?? throw new IOException("CloudTrail's answer is no list of keys"));
            if (token is null) break;
        }
        return keys;

        async Task<IReadOnlyList<TrailKey>?> Ask(string place, string body, CancellationToken stop)
        {
            try
            {
                using var request = await Sign(place, body);
                using var answer = await Http.SendAsync(request, stop);
                if (!answer.IsSuccessStatusCode) throw new IOException($"the public keys of CloudTrail in {place} cannot be listed: CloudTrail answered {(int)answer.StatusCode}; needed is cloudtrail:ListPublicKeys");
                return TrailKeyList.Parse(await answer.Content.ReadAsByteArrayAsync(stop), out token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                throw new IOException($"the public keys of CloudTrail in {place} cannot be listed: it cannot be reached, or does not answer in time", error);
            }
            catch (CredentialsMissingException error)
            {
                throw new IOException($"the public keys of CloudTrail in {place} cannot be listed: {error.Message}", error);
            }
        }
    }

    private async Task<HttpRequestMessage> Sign(string region, string body)
    {
        var request = new SignedRequest(HttpMethod.Post, "cloudtrail", region, endpoint(region)) { Body = body, ContentType = "application/x-amz-json-1.1", Target = Target };
        return request.Sign(await (await credentials()).GetCredentialsAsync(), time.GetUtcNow());
    }

    private static Uri EndpointOf(string region) => new($"https://cloudtrail.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}/");
}
