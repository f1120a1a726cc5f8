using Spectre.Console;
using Yagura.Cli.Output;

namespace Yagura.Cli.Explain;

/// <summary>A guide on a terminal: the Markdown that guides are written in (headings, paragraphs, lists, bold and code), filled to the width.</summary>
internal static class MarkdownText
{
    /// <summary>Sections that speak to those who work on the detector.</summary>
    private const string Samples = "## Samples";

    public static void Write(IAnsiConsole console, string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n').TakeWhile(line => line != Samples).ToList();
        if (lines is [['#', ' ', ..], ..]) lines.RemoveAt(0); // the type, which stands above
        foreach (var (index, block) in Blocks(lines).Index())
        {
            if (index > 0 && !block.IsItem) console.WriteLine();
            console.Write(new Padder(Of(block), new Padding(2, 0, 0, 0)));
        }
    }

    /// <param name="Marker">Of a list's item: <c>-</c> or <c>1.</c>.</param>
    private sealed record Block(string? Marker, string Text)
    {
        public bool IsItem { get; init; }
    }

    private static Spectre.Console.Rendering.IRenderable Of(Block block)
    {
        if (block.Marker is null) return new Markup(block.Text.StartsWith('#') ? $"[bold]{Inline(block.Text.TrimStart('#').Trim())}[/]" : Inline(block.Text));
        var marker = new GridColumn { Padding = new(0, 0, 1, 0), NoWrap = true };
        return new Grid().AddColumn(marker).AddColumn(new GridColumn { Padding = new(0, 0, 0, 0) }).AddRow(Terminal.Markup(block.Marker), Inline(block.Text));
    }

    // A line that begins nothing new belongs to what stands above it.
    private static List<Block> Blocks(List<string> lines)
    {
        var blocks = new List<Block>();
        var isOpen = false;
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.Length == 0)
            {
                isOpen = false;
                continue;
            }
            var marker = MarkerOf(text);
            if (marker is not null) blocks.Add(new(marker, text[(marker.Length + 1)..]) { IsItem = isOpen && blocks[^1].Marker is not null });
            else if (isOpen && !text.StartsWith('#') && !blocks[^1].Text.StartsWith('#')) blocks[^1] = blocks[^1] with { Text = $"{blocks[^1].Text} {text}" };
            else blocks.Add(new(null, text));
            isOpen = true;
        }
        return blocks;
    }

    private static string? MarkerOf(string text)
    {
        if (text.StartsWith("- ", StringComparison.Ordinal)) return "-";
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && text.AsSpan(digits).StartsWith(". ") ? text[..(digits + 1)] : null;
    }

    private static string Inline(string text)
    {
        var parts = Terminal.Markup(text).Split("**");
        // An odd number of marks closes nothing: what stands there is text.
        return parts.Length % 2 == 0 ? string.Join("**", parts) : string.Concat(parts.Select((part, at) => at % 2 == 1 ? $"[bold]{part}[/]" : part));
    }
}
