using System.Diagnostics;
using System.Globalization;
using Yagura.Core.Findings;

namespace Yagura.Tests.Storage;

/// <summary>The test program, run as a process that does nothing but put findings until it is killed.</summary>
internal static class Victim
{
    private const string FolderVariable = "YAGURA_STORAGE_VICTIM";

    /// <summary>Findings of each call, all with the same count: a call that was done by half would show.</summary>
    public const int Together = 20;

    public static Process Start(string folder) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [FolderVariable] = folder },
    })!;

    public static Finding Finding(int number, long count) => SampleFindings.Connection with
    {
        Id = $"{number:x32}",
        Service = SampleFindings.Connection.Service with { Count = count },
    };

    /// <summary>The folder that this process is to put findings into; null where it is to run tests.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(FolderVariable);

    public static async Task Put(string folder)
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
