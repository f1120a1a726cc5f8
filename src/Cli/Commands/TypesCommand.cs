using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Reading;
using Yagura.Intel;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura types</c>: every finding type, and whether it is on, off (and why) or planned.</summary>
internal static class TypesCommand
{
    private enum ListFormat { Table, Json, Jsonl, Csv }

    public static Command Create()
    {
        var intel = new Option<string?>("--intel") { Description = "Folder of lists to judge by; without it types that need a list are off.", HelpName = "DIR" };
        var off = new Option<bool>("--off") { Description = "Only types that are off." };
        var on = new Option<bool>("--on") { Description = "Only types that are on." };
        var format = Choice.OrFirst<ListFormat>("--format", "How the types are written.");
        var command = new Command("types", "List the finding types and whether each is on.") { intel, on, off, format };
        command.SetAction(parsed =>
        {
            var knowledge = Knowledge.Nothing with { Intel = Load(parsed.GetValue(intel)) };
            var states = new List<TypeState>();
            if (parsed.GetValue(on)) states.Add(TypeState.On);
            if (parsed.GetValue(off)) states.Add(TypeState.Off);
            var types = TypeStatus.All(DetectorSet.Default, knowledge).Where(type => states.Count == 0 || states.Contains(type.State)).ToList();
            Write(parsed.GetValue(format), types);
            return ExitCodes.Done;
        });
        return command;
    }

    private static IntelSnapshot Load(string? folder)
    {
        if (folder is null) return IntelSnapshot.Empty;
        try
        {
            return IntelFolder.Load(folder).Snapshot;
        }
        catch (IntelException e)
        {
            throw new UserError(e.Message);
        }
    }

    private static void Write(ListFormat format, List<TypeStatus> types)
    {
        switch (format)
        {
            case ListFormat.Json: Console.Out.WriteLine(JsonSerializer.Serialize(types.Select(Row), CliJson.Indented.IEnumerableTypeRow)); break;
            case ListFormat.Jsonl:
                foreach (var type in types) Console.Out.WriteLine(JsonSerializer.Serialize(Row(type), CliJson.Default.TypeRow));
                break;
            case ListFormat.Csv:
                Console.Out.WriteLine("type,state,why,severity,source");
                foreach (var type in types) Console.Out.WriteLine($"{type.Entry.Type.Name},{State(type)},{type.Why},{Severity(type)},{type.Entry.DataSources[0]}");
                break;
            default: WriteTable(types); break;
        }
    }

    private static TypeRow Row(TypeStatus type) => new(
        type.Entry.Type.Name, State(type), type.Why, Severity(type), type.Entry.DataSources, type.Entry.Attack, type.Entry.Title);

    private static void WriteTable(List<TypeStatus> types)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Type", "State", "Severity", "Source");
        foreach (var type in types)
        {
            var state = type.State switch
            {
                TypeState.On => "[green]on[/]",
                TypeState.Off => $"[yellow]off[/]: {Terminal.Markup(type.Why!)}",
                _ => "[dim]planned[/]",
            };
            table.AddRow(Terminal.Markup(type.Entry.Type.Name), state, Severity(type), Terminal.Markup(type.Entry.DataSources[0]));
        }
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine($"{types.Count(t => t.State == TypeState.On)} on, {types.Count(t => t.State == TypeState.Off)} off, {types.Count(t => t.State == TypeState.Planned)} planned");
    }

    private static string State(TypeStatus type) => type.State.ToString().ToLowerInvariant();

    private static string Severity(TypeStatus type) => type.Entry.DefaultSeverity?.ToString() ?? "varies";
}
