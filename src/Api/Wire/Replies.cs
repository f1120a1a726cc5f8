using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Yagura.Api.Wire;

/// <summary>Writes answers in the shape of AWS's REST-JSON protocol.</summary>
internal static class Replies
{
    public const string RequestId = "x-amzn-RequestId";

    /// <summary>A UUID, as AWS has them.</summary>
    public static string NewRequestId() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    public static Task Write(HttpResponse response, int status, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        response.StatusCode = status;
        if (status == StatusCodes.Status204NoContent) return Task.CompletedTask;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        return response.Body.WriteAsync(json, cancel).AsTask();
    }

    public static async Task Write(HttpResponse response, AwsException error, CancellationToken cancel)
    {
        response.Headers["x-amzn-ErrorType"] = error.Code;
        using var bytes = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("message", error.Message);
            json.WriteString("__type", error.Type);
            json.WriteEndObject();
        }
        await Write(response, error.Status, bytes.ToArray(), cancel);
    }
}
