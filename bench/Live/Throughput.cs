using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;

namespace Yagura.Bench.Live;

/// <summary>How fast a whole corpus becomes durable.</summary>
internal static class Throughput
{
    public static async Task Measure(string program, string work, string corpus)
    {
        await using var server = await RunningServer.Start(program, work);
        var staging = Path.Combine(work, "staging");
        var (files, bytes) = (0, 0L);
        foreach (var file in Directory.EnumerateFiles(corpus, "*.gz", SearchOption.AllDirectories))
        {
            var target = Path.Combine(staging, Path.GetRelativePath(corpus, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            using var expanded = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            int read;
            try
            {
                while ((read = expanded.Read(buffer)) > 0) bytes += read;
            }
            catch (InvalidDataException)
            {
                // Corpora have some files that are cut off.
            }
            files++;
        }
        var (started, cpu) = (Stopwatch.GetTimestamp(), server.Cpu);
        Directory.Move(staging, Path.Combine(server.Inbox, "corpus"));
        while (await server.Settled() < files) await Task.Delay(100);
        var (taken, used) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (server.Cpu - cpu).TotalSeconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{files} files, {bytes / 1e6:N0} MB: {taken:0.0} s, {bytes / 1e6 / taken:0} MB/s, {used:0.0} s of processor time ({used / (bytes / 1e9):0.0} s/GB), memory {server.Memory / 1e6:N0} MB"));
    }
}
