using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Engine.Baselines;
using Yagura.Engine.State;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura baseline</c>: what scans with a state folder have learnt of what is usual.</summary>
internal static class BaselineCommand
{
    private enum ListFormat { Table, Json, Jsonl }

    /// <summary>Values shown of one trait in the table.</summary>
    private const int MostShown = 20;

    /// <summary>Identities that a name may match for what is usual for each to be shown.</summary>
    private const int MostMatches = 3;

    public static Command Create() => new("baseline", "What was learnt of what is usual for each identity.") { Show(), Export(), Import() };

    private static Command Show()
    {
        var state = State();
        var name = new Argument<string?>("NAME") { Description = $"Part of an identity's name or account; with up to {MostMatches} matches, what is usual for each is shown too.", Arity = ArgumentArity.ZeroOrOne };
        var format = Choice.OrFirst<ListFormat>("--format", "How the identities are written.");
        var command = new Command("show", "List the identities, and how far the baseline of each has come.") { name, state, format };
        command.SetAction(parsed =>
        {
            var part = parsed.GetValue(name) ?? "";
            var entities = Entities.Of(Read(parsed.GetRequiredValue(state))).Where(one => one.Principal.Contains(part, StringComparison.OrdinalIgnoreCase) || one.Account.Contains(part, StringComparison.Ordinal)).ToList();
            if (entities.Count == 0 && part.Length > 0) throw new UserError($"no identity of the baselines has \"{part}\" in its name or account", ExitCodes.Failed);
            switch (parsed.GetValue(format))
            {
                case ListFormat.Json: Console.Out.WriteLine(JsonSerializer.Serialize(entities.Select(Row), CliJson.Indented.IEnumerableBaselineRow)); break;
                case ListFormat.Jsonl:
                    foreach (var entity in entities) Console.Out.WriteLine(JsonSerializer.Serialize(Row(entity), CliJson.Default.BaselineRow));
                    break;
                default:
                    if (part.Length > 0 && entities.Count <= MostMatches) entities.ForEach(WriteOne);
                    else WriteTable(entities, part);
                    break;
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Export()
    {
        var state = State();
        var file = new Argument<string>("FILE") { Description = "File to write; docs/formats/baselines.md says what is in it." };
        var command = new Command("export", "Write the baselines of a state folder to a file, for another machine or for `yagura scan --baseline`.") { file, state };
        command.SetAction(parsed =>
        {
            var learnt = Read(parsed.GetRequiredValue(state));
            using (var written = Files.Create(parsed.GetRequiredValue(file))) BaselineFile.Save(learnt, written);
            Console.Error.WriteLine($"{Count.Of(learnt.Profiles.Count, "subject")} written to {Terminal.Safe(parsed.GetRequiredValue(file))}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Import()
    {
        var state = State();
        var file = new Argument<string>("FILE") { Description = "File that `yagura baseline export` wrote." };
        var command = new Command("import", "Add the baselines in a file to those of a state folder.") { file, state };
        command.SetAction(parsed =>
        {
            var learnt = Load(parsed.GetRequiredValue(file));
            try
            {
                Journal.Import(parsed.GetRequiredValue(state), learnt, TimeProvider.System.GetUtcNow());
            }
            catch (StateException e)
            {
                throw new UserError($"the state in {parsed.GetRequiredValue(state)} cannot be used: {e.Message}", ExitCodes.Failed);
            }
            Console.Error.WriteLine($"{Count.Of(learnt.Profiles.Count, "subject")} added to {Terminal.Safe(parsed.GetRequiredValue(state))}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<string> State() => new("--state") { Description = "The state folder of `yagura scan --state`.", HelpName = "DIR", Required = true };

    private static Behaviour Read(string folder)
    {
        try
        {
            return Journal.Baselines(folder, TimeProvider.System.GetUtcNow());
        }
        catch (StateException e)
        {
            throw new UserError($"the state in {folder} cannot be used: {e.Message}", ExitCodes.Failed);
        }
    }

    /// <summary>The baselines in a file.</summary>
    public static Behaviour Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return BaselineFile.Load(file);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UserError($"{path}: {e.Message}");
        }
    }

    private static BaselineRow Row(KnownEntity entity) =>
        new(entity.Account, entity.Principal, entity.Days, Entities.DaysNeeded, entity.IsComplete, entity.Since, [.. entity.Values.Select(value => new BaselineValue(value.Trait, value.Value, value.Days, value.LastSeen))]);

    private static void WriteTable(List<KnownEntity> entities, string part)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("[bold]Account[/]", "[bold]Identity[/]").AddColumn(new TableColumn("[bold]Days[/]").RightAligned()).AddColumns("[bold]Since[/]", "[bold]Baseline[/]", "[bold]Usual[/]");
        foreach (var entity in entities)
        {
            var usual = string.Join(", ", entity.Values.GroupBy(value => value.Trait, StringComparer.Ordinal).Where(trait => trait.Key is "API" or "network" or "client").Select(trait => Count.Of(trait.Count(), trait.Key)));
            table.AddRow(Terminal.Markup(entity.Account), Terminal.Markup(entity.Principal), entity.Days.ToString(CultureInfo.InvariantCulture), Date(entity.Since),
                entity.IsComplete ? "[green]known[/]" : $"[yellow]learning, {entity.Days} of {Entities.DaysNeeded}[/]", usual);
        }
        Terminal.Out.Write(table);
        var tooMany = part.Length > 0 ? $"; more than {MostMatches} match {Terminal.Safe(part)}: name one to see what is usual for it" : "";
        Console.Error.WriteLine($"{(entities.Count == 1 ? "1 identity" : $"{entities.Count:N0} identities")}, {entities.Count(entity => entity.IsComplete)} known{tooMany}");
    }

    private static void WriteOne(KnownEntity entity)
    {
        Terminal.WriteLine(Terminal.Out, $"[bold]{Terminal.Markup(entity.Principal)}[/] in {Terminal.Markup(entity.Account)}");
        var known = entity.IsComplete ? "its own history decides" : $"its peers and the account decide until it has {Entities.DaysNeeded}";
        Terminal.WriteLine(Terminal.Out, $"  {Count.Of(entity.Days, "day")} with calls since {Date(entity.Since)}, of the last {Entities.DaysShown}: {known}");
        foreach (var trait in entity.Values.GroupBy(value => value.Trait, StringComparer.Ordinal))
        {
            Terminal.WriteLine(Terminal.Out, $"  [bold]{trait.Key}[/]");
            foreach (var value in trait.Take(MostShown)) Terminal.WriteLine(Terminal.Out, $"    {value.Days,3} {(value.Days == 1 ? "day " : "days")}  {Terminal.Markup(value.Value)}, last on {Date(value.LastSeen)}");
            if (trait.Count() > MostShown) Terminal.WriteLine(Terminal.Out, $"    and {trait.Count() - MostShown} more");
        }
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>An identity in <c>baseline show --format json</c>.</summary>
internal sealed record BaselineRow(string Account, string Identity, int Days, int DaysNeeded, bool Known, DateOnly Since, IReadOnlyList<BaselineValue> Usual);

internal sealed record BaselineValue(string Trait, string Value, int Days, DateOnly LastSeen);
