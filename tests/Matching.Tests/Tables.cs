namespace Yagura.Tests.Matching;

/// <summary>The tables of a page whose cells are code.</summary>
internal sealed class Tables(string page)
{
    public string[] Lines { get; } = File.ReadAllLines(Repository.Path(page));

    /// <summary>The rows with so many cells, of all tables.</summary>
    public List<string[]> Rows(int cells) =>
    [
        .. Lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split(" | ").Select(cell => cell.Trim('|', ' ', '`')).ToArray()).Where(row => row.Length == cells),
    ];
}
