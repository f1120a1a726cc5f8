using System.Diagnostics;
using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Publications;

namespace Yagura.Tests.Storage;

/// <summary>The test program, run as a process that does nothing but put findings, or put, publish and read them, until it is killed.</summary>
internal static class Victim
{
    private const string FolderVariable = "YAGURA_STORAGE_VICTIM", PublishVariable = "YAGURA_STORAGE_VICTIM_PUBLISHES";

    /// <summary>Findings of each call, all with the same count: a call that was done by half would show.</summary>
    public const int Together = 20;

    public static Process Start(string folder, bool publish = false) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [FolderVariable] = folder, [PublishVariable] = publish ? "1" : "" },
    })!;

    public static Finding Finding(int number, long count) => SampleFindings.Connection with
    {
        Id = $"{number:x32}",
        Service = SampleFindings.Connection.Service with { Count = count },
    };

    /// <summary>The folder that this process is to put findings into; null where it is to run tests.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(FolderVariable);

    public static Task Run(string folder) => Environment.GetEnvironmentVariable(PublishVariable) is { Length: > 0 } ? Publish(folder) : Put(folder);

    private static async Task Publish(string folder)
    {
        await using var store = await Opened.Open(folder);
        var publications = new PublicationStore(store.Database);
        for (var number = (await store.Findings.Changes(0, 1000)).Count; number < 1000; number++)
        {
            await store.Findings.Put([Finding(number, 1)]);
            await publications.PublishFirst(DateTimeOffset.UnixEpoch);
            var page = await publications.Next("bus", 10);
            foreach (var one in page.Publications) await Console.Out.WriteLineAsync(one.Key);
            await Console.Out.FlushAsync();
            await publications.Done("bus", page);
        }
    }

    private static async Task Put(string folder)
    {
        await using var store = await Opened.Open(folder);
        var count = (await store.Findings.Get(Core.Ports.FindingScope.Everything, [$"{0:x32}"])) is [var known] ? known.Finding.Service.Count : 0;
        while (true)
        {
            count++;
            await store.Findings.Put([.. Enumerable.Range(0, Together).Select(number => Finding(number, count))]);
            await Console.Out.WriteLineAsync(count.ToString(CultureInfo.InvariantCulture));
            await Console.Out.FlushAsync();
        }
    }
}
