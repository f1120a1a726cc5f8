using System.CommandLine;
using System.CommandLine.Parsing;
using Yagura.Matching;

namespace Yagura.Cli;

/// <summary>Options and verbs that nobody knows.</summary>
/// <remarks>System.CommandLine takes an unknown option for an argument where a command has arguments: a scan with a misspelt <c>--rules</c> would run
/// without the rules, and look well. What begins with a dash is an option here; a file of such a name is written after <c>--</c> or as <c>./-name</c>.</remarks>
internal static class Misspelt
{
    /// <summary>The first mistake, with what was meant; null where there is none of this kind.</summary>
    public static string? In(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var options = command.Options.Select(option => option.Name).ToList();
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token is { Type: TokenType.Argument, Value: ['-', not '-', ..] or ['-', '-', _, ..] } && !IsValue(parsed, token))
                return $"unknown option {token.Value}{Meant(token.Value.Split('=')[0], options)}";
        }
        return parsed.UnmatchedTokens is [var verb, ..] && command.Subcommands.Count > 0
            ? $"unknown command {verb}{Meant(verb, command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name))}" : null;
    }

    /// <summary>Whether a word is the value of an option, such as a number below zero.</summary>
    private static bool IsValue(ParseResult parsed, Token token) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Any(option => option.Tokens.Contains(token)) && double.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out _);

    private static string Meant(string word, IEnumerable<string> known) => Spelling.Nearest(word, known) is { } nearest ? $"; did you mean {nearest}?" : "";
}
