using System.CommandLine;
using System.Text;
using Spectre.Console;
using Yagura.Api.Suppressions;
using Yagura.Cli.Output;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Documents;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura audit</c>: who changed what, and whether nobody changed that.</summary>
internal static class AuditCommand
{
    private const int Together = 1_000, MostDetails = 80;

    private enum ListFormat { Table, Json, Jsonl }

    public static Command Create() => new("audit", "Who changed what: entries that are only ever added, each bound by a hash to all before it.") { List(), Verify() };

    private static Command List()
    {
        var data = DataDirectory.Option();
        var after = new Option<long>("--after") { Description = "Number of the last entry that you have seen; default 0, for all.", HelpName = "NUMBER" };
        var format = Choice.OrFirst<ListFormat>("--format", "How the entries are written.");
        var command = new Command("list", "List the entries, the oldest first.") { after, data, format };
        command.SetAction((parsed, cancel) => DataDirectory.Use(parsed.GetRequiredValue(data), async database =>
        {
            var log = new AuditLog(database);
            var table = new Table().AddColumns("number", "time (UTC)", "who", "what", "to what", "how");
            var last = parsed.GetValue(after);
            var list = new JsonList(parsed.GetValue(format) is ListFormat.Json);
            var any = false;
            while (await log.Read(last, Together, cancel) is { Count: > 0 } entries)
            {
                foreach (var entry in entries)
                {
                    any = true;
                    if (parsed.GetValue(format) == ListFormat.Table) table.AddRow(Row(entry));
                    else list.Add(json => SuppressionJson.Write(json, entry));
                }
                last = entries[^1].Number;
            }
            if (parsed.GetValue(format) != ListFormat.Table) list.End();
            else if (any) Terminal.Out.Write(table);
            else Console.Error.WriteLine("There are no entries.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Verify()
    {
        var data = DataDirectory.Option();
        var head = new Option<string?>("--head") { Description = "What an earlier verification printed: it must still be part of the log.", HelpName = "NUMBER:HASH" };
        var command = new Command("verify", "Compute every hash anew, and print the newest one to be noted elsewhere.") { head, data };
        command.SetAction((parsed, cancel) => DataDirectory.Use(parsed.GetRequiredValue(data), async database =>
        {
            AuditHead? known = null;
            if (parsed.GetValue(head) is { } text && !AuditHead.TryParse(text, out known)) throw new UserError($"--head {text}: write what `yagura audit verify` printed, a number, a colon and 64 hex digits");
            var verdict = await new AuditLog(database).Verify(known, cancel);
            if (verdict.Problem is { } problem) throw new UserError($"the audit log was tampered with: {problem}", ExitCodes.Failed);
            Console.Error.WriteLine(verdict.Head is null ? "The audit log is empty." : $"{verdict.Head.Number} entries, whole{(known is null ? "" : $", entry {known.Number} as it was noted")}.");
            if (verdict.Head is not null) Console.Out.WriteLine(verdict.Head);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static string[] Row(AuditEntry entry) =>
    [
        $"{entry.Number}", $"{entry.Record.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}", Terminal.Markup(entry.Record.Actor), Terminal.Markup(entry.Record.Action), Terminal.Markup(entry.Record.Subject),
        Terminal.Markup(Terminal.Cut(Encoding.UTF8.GetString(entry.Record.Details.Span), MostDetails)),
    ];
}
