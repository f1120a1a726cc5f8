using Spectre.Console;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Output;

/// <summary>What is wrong with files of rules, a line each as compilers write it, so that editors find the place.</summary>
internal static class RuleProblems
{
    public static void Write(IAnsiConsole console, IEnumerable<FileProblem> problems)
    {
        foreach (var (file, problem) in problems)
        {
            var (color, word) = problem.IsError ? ("red", "error") : ("yellow", "warning");
            Terminal.WriteLine(console, $"{Terminal.Markup($"{file}:{problem.Line}:{problem.Column}")}: [{color}]{word}[/]: {Terminal.Markup(problem.Text)}");
        }
    }
}
