using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Yagura.Bench.Live;

/// <summary>Feeds a server for a long time, and watches its memory and its queue.</summary>
internal static class Soak
{
    private const int MostWaiting = 200;

    public static async Task Run(string program, string work, string corpus, TimeSpan length, double rate)
    {
        await using var server = await RunningServer.Start(program, work);
        var files = Directory.EnumerateFiles(corpus, "*.json.gz", SearchOption.AllDirectories).Where(file => file.Contains("CloudTrail", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var staging = Directory.CreateDirectory(server.Inbox + "-staging").FullName;
        var (started, feeding) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess());
        var (delivered, bytes, settled, nextSay) = (0L, 0L, 0L, TimeSpan.Zero);
        Console.WriteLine("   min      MB/s  waiting  memory MB  server CPU  feeder CPU");
        while (Stopwatch.GetElapsedTime(started) is var now && now < length)
        {
            var (round, place) = ((int)(delivered / files.Count), (int)(delivered % files.Count));
            if (Renew(files[place], round) is { } renewed)
            {
                var staged = Path.Combine(staging, string.Create(CultureInfo.InvariantCulture, $"{round:0000}-{Path.GetFileName(files[place])}"));
                await File.WriteAllBytesAsync(staged, renewed.Stored);
                File.Move(staged, Path.Combine(server.Inbox, Path.GetFileName(staged)), overwrite: true);
                bytes += renewed.Expanded;
            }
            else settled--; // not delivered, so nothing of it will be settled
            delivered++;
            if (rate > 0 && TimeSpan.FromSeconds(bytes / 1e6 / rate) is var due && due > Stopwatch.GetElapsedTime(started)) await Task.Delay(due - Stopwatch.GetElapsedTime(started));
            if (delivered % 50 == 0)
            {
                while (delivered + settled - await server.Settled() > MostWaiting) await Task.Delay(50);
            }
            if (now < nextSay) continue;
            nextSay = now + TimeSpan.FromSeconds(30);
            feeding.Refresh();
            var waiting = delivered + settled - await server.Settled();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{now.TotalMinutes,6:0.0} {bytes / 1e6 / Math.Max(1, now.TotalSeconds),9:0.0} {waiting,8} {server.Memory / 1e6,10:N0} {server.Cpu.TotalSeconds / Math.Max(1, now.TotalSeconds),11:0.00} {feeding.TotalProcessorTime.TotalSeconds / Math.Max(1, now.TotalSeconds),11:0.00}"));
        }
        while (await server.Settled() < delivered + settled) await Task.Delay(100);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{delivered + settled} objects, {bytes / 1e6:N0} MB, all settled; memory {server.Memory / 1e6:N0} MB"));
    }

    /// <summary>The same file a number of days later, with events of its own; null for one that is cut off.</summary>
    private static (byte[] Stored, long Expanded)? Renew(string file, int round)
    {
        string text;
        try
        {
            using var expanded = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.Latin1);
            text = expanded.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return null;
        }
        const string Time = "\"eventTime\":\"", Id = "\"eventID\":\"";
        if (!text.Contains(Time, StringComparison.Ordinal)) return null;
        var day = text.Substring(text.IndexOf(Time, StringComparison.Ordinal) + Time.Length, 10);
        var later = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(round).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        text = text.Replace(Time + day, Time + later, StringComparison.Ordinal).Replace(Id, string.Create(CultureInfo.InvariantCulture, $"{Id}{round:x4}-"), StringComparison.Ordinal);
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.Latin1.GetBytes(text));
        return (bytes.ToArray(), text.Length);
    }
}
