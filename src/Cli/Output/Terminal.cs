using System.Text;
using Spectre.Console;

namespace Yagura.Cli.Output;

/// <summary>The two streams: data on stdout, everything else on stderr.</summary>
internal static class Terminal
{
    /// <summary>Columns assumed where the output is no terminal, so that a pipe gets whole lines.</summary>
    private const int PipeWidth = 160;

    /// <summary>Columns that tables need. In fewer a column may get a single cell, and Spectre never ends filling it with wide characters; the terminal
    /// wraps what is too long for it.</summary>
    internal const int LeastWidth = 64;

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = redirected ? PipeWidth : Math.Max(LeastWidth, console.Profile.Width);
        return console;
    }

    /// <summary>Text from logs as a person may safely see it: control and format characters (escape sequences, text direction) become visible marks.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var hidden = category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
            if (hidden) safe.Append('\uFFFD');
            else safe.Append(rune.ToString());
        }
        return safe.ToString();
    }

    /// <summary>The same, ready to stand in Spectre's markup.</summary>
    public static string Markup(string text) => Spectre.Console.Markup.Escape(Safe(text));

    /// <summary>Begins on an empty screen, where the output is one; what was scrolled away stays.</summary>
    public static void Clear()
    {
        if (Out.Profile.Capabilities.Ansi) Out.Profile.Out.Writer.Write("\e[2J\e[H");
    }

    /// <summary>One line, however long: a pipe gets it whole, and a terminal wraps it without breaking what is copied from it.</summary>
    public static void WriteLine(IAnsiConsole console, string markup)
    {
        var width = console.Profile.Width;
        console.Profile.Width = short.MaxValue;
        console.MarkupLine(markup);
        console.Profile.Width = width;
    }

    /// <summary>Text cut to a number of characters, the last of them an ellipsis.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    /// <summary>An error for people, on stderr, its lines kept and everything else made safe.</summary>
    public static void Complain(string message)
    {
        foreach (var line in message.Split('\n')) Console.Error.WriteLine(Safe(line));
    }
}
