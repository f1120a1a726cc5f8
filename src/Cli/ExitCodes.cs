using System.CommandLine.Parsing;

namespace Yagura.Cli;

/// <summary>What the process says when it ends; part of the command line's contract.</summary>
internal static class ExitCodes
{
    /// <summary>Done, also when whoever read the output left before its end (<c>| head</c>).</summary>
    public const int Done = 0;

    /// <summary>Nothing could be read, the output could not be written, or it was stopped.</summary>
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>Findings at or above <c>--fail-on</c>.</summary>
    public const int Findings = 3;
}

/// <summary>A mistake that its message explains to the user.</summary>
internal sealed class UserError(string message, int exitCode = ExitCodes.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

internal static class CommandResultExtensions
{
    /// <summary>The verbs that lead to a command, without the program's own name.</summary>
    public static IEnumerable<string> Path(this CommandResult command)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = command; at is CommandResult { Parent: not null } verb; at = verb.Parent) names.Push(verb.Command.Name);
        return names;
    }
}
