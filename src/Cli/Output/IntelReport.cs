using Spectre.Console;
using Yagura.Intel;

namespace Yagura.Cli.Output;

/// <summary>What a folder of lists gave.</summary>
internal static class IntelReport
{
    /// <summary>Files that gave nothing, or are older than they should be.</summary>
    public static void WriteProblems(IAnsiConsole console, IntelLoad load)
    {
        foreach (var file in load.Files)
        {
            if (file.Problem is { } problem) console.MarkupLine($"[yellow]{Terminal.Markup(file.Name)}[/] is not used: {Terminal.Markup(problem)}");
            if (file.Warning is { } warning) console.MarkupLine($"[yellow]{Terminal.Markup(file.Name)}[/] is {Terminal.Markup(warning)}");
        }
    }
}
