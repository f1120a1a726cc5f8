using System.CommandLine;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Intel;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura intel</c>: fetches threat lists, on request only, and shows what is there.</summary>
internal static class IntelCommand
{
    public static Command Create() => new("intel", "Threat lists: fetch them, or see what there is.") { CreateUpdate(), CreateList(), CreateBenign() };

    private static Option<string> Folder() => new("--intel") { Description = "Folder the lists lie in.", HelpName = "DIR", Required = true };

    private static Option<string?> Table() => new("--feeds") { Description = "Your own feed table (YAML), besides the shipped one.", HelpName = "FILE" };

    private static Command CreateUpdate()
    {
        var names = new Argument<string[]>("FEED") { Description = "Names of feeds; all of the table when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var folder = Folder();
        var table = Table();
        var command = new Command("update", "Fetch the feeds that are due; nothing is ever fetched without this command.") { names, folder, table };
        command.SetAction((parsed, cancel) => Guard(() => Update(parsed.GetValue(table), parsed.GetValue(names) ?? [], parsed.GetRequiredValue(folder), cancel)));
        return command;
    }

    private static Command CreateList()
    {
        var folder = new Option<string?>("--intel") { Description = "Folder of lists to describe; without it the feed table is shown.", HelpName = "DIR" };
        var table = Table();
        var command = new Command("list", "Show the lists of a folder, or the feeds that could be fetched.") { folder, table };
        command.SetAction((parsed, _) => Guard(() =>
        {
            if (parsed.GetValue(folder) is { } directory) WriteFiles(IntelFolder.Load(directory));
            else WriteFeeds(Feeds(parsed.GetValue(table), []));
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    private static Command CreateBenign()
    {
        var command = new Command("benign", "Show the actors of AWS's own that are taken for benign; each can be switched off by `scan --without-benign ID`.");
        command.SetAction(_ =>
        {
            var table = new Table { Border = TableBorder.Simple };
            table.AddColumns("Id", "Pattern", "Why");
            foreach (var actor in KnownBenign.Shipped.All) table.AddRow(actor.Id, Terminal.Markup(actor.Pattern), Terminal.Markup(actor.Why));
            Terminal.Out.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<int> Guard(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (IntelException e)
        {
            throw new UserError(e.Message);
        }
    }

    private static FeedTable Feeds(string? path, string[] names)
    {
        var table = path is null ? FeedTable.Shipped() : FeedTable.Shipped().With(FeedTable.Load(path));
        return names.Length == 0 ? table : table.Only(names);
    }

    private static async Task<int> Update(string? table, string[] names, string folder, CancellationToken cancel)
    {
        using var updater = new FeedUpdater(TimeProvider.System);
        var results = await updater.UpdateAsync(Feeds(table, names), folder, cancel);
        foreach (var result in results)
        {
            var (color, text) = result.Outcome switch
            {
                FeedOutcome.Updated => ("green", "updated"),
                FeedOutcome.Unchanged => ("green", "unchanged"),
                FeedOutcome.NotDue => ("dim", "not due yet"),
                _ => ("red", $"failed: {result.Reason}; " + (result.AgeInDays is { } age ? $"the copy of {age} days ago stays" : "there is no earlier copy")),
            };
            Terminal.Out.MarkupLine($"{Terminal.Markup(result.Feed.Name),-28} [{color}]{Terminal.Markup(text)}[/]" + (result.OverAge ? " [yellow](over its age limit)[/]" : ""));
        }
        return results.Any(result => result.Outcome == FeedOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static void WriteFeeds(FeedTable feeds)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Feed", "Category", "Licence", "Fetched at most every", "URL");
        foreach (var feed in feeds.Feeds)
            table.AddRow(Terminal.Markup(feed.Name), feed.Entry.Role.Word, Terminal.Markup(feed.Licence), $"{feed.Every.TotalHours:0} h", Terminal.Markup(feed.Url.AbsoluteUri));
        Terminal.Out.Write(table);
    }

    private static void WriteFiles(IntelLoad load)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("File", "Category", "Format");
        table.AddColumn(new TableColumn("Entries").RightAligned());
        table.AddColumn("Remarks");
        foreach (var file in load.Files)
        {
            var remarks = new List<string>();
            if (file.Problem is { } problem) remarks.Add($"not used: {problem}");
            if (file.Warning is { } warning) remarks.Add(warning);
            if (file.Rejected > 0) remarks.Add($"{file.Rejected:N0} lines left out, such as line {file.FirstRejects[0].Line}: {file.FirstRejects[0].Reason}");
            table.AddRow(Terminal.Markup(file.Name), file.Role.Word, file.Format?.ToString() ?? "", file.Entries.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Terminal.Markup(string.Join("; ", remarks)));
        }
        Terminal.Out.Write(table);
    }
}
