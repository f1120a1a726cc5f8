using System.CommandLine;
using Yagura.Cli.Docs;
using Yagura.Cli.Output;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura docs</c>: writes the pages that follow from the code, or checks that they do. For those who work on the program.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; end with status 1 if a page is not what the code says." };
        var output = new Option<string>("--out") { Description = "Folder of the pages.", HelpName = "DIR", DefaultValueFactory = _ => "docs" };
        var command = new Command("docs", "Write the generated pages of the documentation.") { check, output };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            (string Name, string Text)[] pages =
            [
                ("generated/api-coverage.md", ApiCoveragePage.Write()),
                ("generated/finding-types.md", FindingTypesPage.Write()),
                ("detection-quality.md", DetectionQualityPage.Write(await PlantedAttacks.Scan(cancel))),
            ];
            var folder = parsed.GetRequiredValue(output);
            return parsed.GetValue(check) ? Check(folder, pages) : Write(folder, pages);
        });
        return command;
    }

    private static int Write(string folder, (string Name, string Text)[] pages)
    {
        foreach (var (name, text) in pages)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        return ExitCodes.Done;
    }

    private static int Check(string folder, (string Name, string Text)[] pages)
    {
        var stale = pages.Select(page => (Path: Path.Combine(folder, page.Name), page.Text)).Where(page => !File.Exists(page.Path) || File.ReadAllText(page.Path) != page.Text).ToList();
        foreach (var page in stale) Terminal.Complain($"{page.Path} is stale: run `yagura docs` and look at what changed");
        return stale.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
