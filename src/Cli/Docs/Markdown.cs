using System.Text;

namespace Yagura.Cli.Docs;

/// <summary>The little Markdown that generated pages are made of; lines end alike on every system.</summary>
internal static class Markdown
{
    /// <summary>Says to whoever opens the file that an edit would not last.</summary>
    public const string Notice = "<!-- Written by `yagura docs`; ./build checks that it is fresh. -->";

    public static StringBuilder Line(this StringBuilder text, string line = "") => text.Append(line).Append('\n');

    public static StringBuilder Row(this StringBuilder text, params ReadOnlySpan<string> cells)
    {
        text.Append('|');
        foreach (var cell in cells) text.Append(' ').Append(cell.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |");
        return text.Append('\n');
    }

    public static StringBuilder Header(this StringBuilder text, params string[] names) => text.Row(names).Row(Array.ConvertAll(names, _ => "---"));
}
