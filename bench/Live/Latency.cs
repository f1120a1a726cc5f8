using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Yagura.Bench.Live;

/// <summary>From a file's arrival to its finding: each file holds calls of everyday and, as the last of them, one that switches a trail off, by a user of its own.</summary>
internal static class Latency
{
    public static async Task Measure(string program, string work)
    {
        await using var server = await RunningServer.Start(program, work);
        await Series(server, "warm-up", 100, 50_000, TimeSpan.FromMilliseconds(50));
        await Series(server, "50 kB, 20 a second", 400, 50_000, TimeSpan.FromMilliseconds(50));
        await Series(server, "5 MB, 2 a second", 100, 5_000_000, TimeSpan.FromMilliseconds(500));
    }

    /// <param name="size">Of each file, decompressed.</param>
    private static async Task Series(RunningServer server, string name, int files, int size, TimeSpan pause)
    {
        var staging = Directory.CreateDirectory(server.Inbox + "-staging").FullName;
        var taken = new List<double>(files);
        var next = Stopwatch.GetTimestamp();
        for (var i = 0; i < files; i++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $"user-{size}-{name.Length}-{i}");
            var staged = Path.Combine(staging, user + ".json.gz");
            await File.WriteAllBytesAsync(staged, Logs(user, size));
            next += (long)(pause.TotalSeconds * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            var arrived = Stopwatch.GetTimestamp();
            File.Move(staged, Path.Combine(server.Inbox, Path.GetFileName(staged)));
            var question = """{"findingCriteria":{"criterion":{"resource.accessKeyDetails.userName":{"equals":[""" + $"\"{user}\"" + "]}}}}";
            while (true)
            {
                using var answer = await server.Ask(HttpMethod.Post, $"/detector/{server.DetectorId}/findings", question);
                if (answer.RootElement.GetProperty("findingIds").GetArrayLength() > 0) break;
                if (Stopwatch.GetElapsedTime(arrived).TotalSeconds > 30) throw new InvalidOperationException($"{user} is not found");
            }
            taken.Add(Stopwatch.GetElapsedTime(arrived).TotalMilliseconds);
        }
        taken.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} p50 {taken[files / 2]:0.0} ms  p90 {taken[files * 9 / 10]:0.0} ms  p99 {taken[files * 99 / 100]:0.0} ms  longest {taken[^1]:0.0} ms"));
    }

    private static byte[] Logs(string user, int size)
    {
        var text = new StringBuilder("""{"Records":[""");
        for (var i = 0; text.Length < size; i++) text.Append(Call(user, i, "DescribeInstances", "ec2.amazonaws.com", readOnly: true)).Append(',');
        text.Append(Call(user, -1, "StopLogging", "cloudtrail.amazonaws.com", readOnly: false)).Append("]}");
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return bytes.ToArray();
    }

    private static string Call(string user, int number, string api, string source, bool readOnly) => string.Create(CultureInfo.InvariantCulture, $$$"""
        {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDA{{{user}}}","arn":"arn:aws:iam::{{{RunningServer.Account}}}:user/{{{user}}}","accountId":"{{{RunningServer.Account}}}","accessKeyId":"AKIA{{{user}}}","userName":"{{{user}}}"},"eventTime":"{{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}}","eventSource":"{{{source}}}","eventName":"{{{api}}}","awsRegion":"{{{RunningServer.Region}}}","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2.17","requestParameters":{"name":"main"},"responseElements":null,"requestID":"{{{user}}}-{{{number}}}","eventID":"{{{user}}}-{{{number}}}-{{{Environment.ProcessId}}}","readOnly":{{{(readOnly ? "true" : "false")}}},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{{{RunningServer.Account}}}","eventCategory":"Management"}
        """);
}
