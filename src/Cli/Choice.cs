using System.CommandLine;
using System.CommandLine.Parsing;

namespace Yagura.Cli;

/// <summary>Options that take one of a few words, written in lower case.</summary>
internal static class Choice
{
    /// <summary>An option that stands for the first word, the one whose value is 0, where it is not given.</summary>
    public static Option<T> OrFirst<T>(string name, string description) where T : struct, Enum => new(name)
    {
        // Told in the description: System.CommandLine would write the default as the code does, in upper case.
        Description = $"{description} [default: {default(T).ToString().ToLowerInvariant()}]",
        HelpName = Words<T>("|"),
        CustomParser = Parse<T>,
    };

    public static Option<T?> Of<T>(string name, string description) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = Words<T>("|"),
        CustomParser = argument => Parse<T>(argument),
    };

    private static T Parse<T>(ArgumentResult argument) where T : struct, Enum
    {
        var word = argument.Tokens[0].Value;
        if (Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(word[0])) return value;
        argument.AddError($"'{word}' is none of {Words<T>(", ")}");
        return default;
    }

    private static string Words<T>(string separator) where T : struct, Enum => string.Join(separator, Enum.GetNames<T>()).ToLowerInvariant();
}
