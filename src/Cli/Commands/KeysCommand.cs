using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Yagura.Api.Signing;
using Yagura.Cli.Output;
using Yagura.Server;
using Yagura.Storage.Embedded.Documents;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura keys</c>: access keys for the API.</summary>
internal static class KeysCommand
{
    private enum ShowFormat { Text, Json }

    private enum ListFormat { Table, Json, Jsonl }

    public static Command Create() => new("keys", "Access keys for the API: each speaks for one account, in a role.") { CreateKey(), List(), Revoke() };

    private static Command CreateKey()
    {
        var data = DataDirectory.Option();
        var account = new Option<string>("--account") { Description = "The account that the key speaks for.", HelpName = "ID", Required = true };
        var name = new Option<string>("--name") { Description = "Whose key it is; default admin, or the role.", HelpName = "NAME" };
        var role = new Option<Role>("--role") { Description = "viewer, analyst, responder or admin; default admin.", HelpName = "ROLE", DefaultValueFactory = _ => Role.Admin };
        var days = new Option<int?>("--days") { Description = "Days until the key expires; default never.", HelpName = "DAYS" };
        var format = Choice.OrFirst<ShowFormat>("--format", "How the key is written.");
        var command = new Command("create", "Make a key. Its secret is shown this once.") { data, account, name, role, days, format };
        command.SetAction((parsed, cancel) => Use(parsed.GetRequiredValue(data), async keys =>
        {
            if (parsed.GetValue(days) is < 1 or > 36_500) throw new UserError("--days: at least 1");
            NewAccessKey made;
            try
            {
                made = await keys.Create(
                    parsed.GetRequiredValue(account), parsed.GetValue(name) ?? $"{parsed.GetValue(role)}".ToLowerInvariant(), parsed.GetValue(role),
                    parsed.GetValue(days) is { } lifetime ? TimeSpan.FromDays(lifetime) : null, "yagura keys", cancel);
            }
            catch (ArgumentException e)
            {
                throw new UserError(e.Message);
            }
            Console.Out.WriteLine(parsed.GetValue(format) == ShowFormat.Json
                ? JsonSerializer.Serialize(new NewKeyRow(made.Key.Id, made.Secret), CliJson.Plain.NewKeyRow)
                : $"export AWS_ACCESS_KEY_ID={made.Key.Id}\nexport AWS_SECRET_ACCESS_KEY={made.Secret}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List()
    {
        var data = DataDirectory.Option();
        var format = Choice.OrFirst<ListFormat>("--format", "How the keys are written.");
        var command = new Command("list", "List the keys, without their secrets.") { data, format };
        command.SetAction((parsed, cancel) => Use(parsed.GetRequiredValue(data), async keys =>
        {
            var rows = (await keys.List(cancel)).Select(key => new KeyRow(key.Id, key.Account, key.Name, $"{key.Role}".ToLowerInvariant(), key.CreatedAt, key.ExpiresAt)).ToList();
            switch (parsed.GetValue(format))
            {
                case ListFormat.Json: Console.Out.WriteLine(JsonSerializer.Serialize(rows, CliJson.Indented.IEnumerableKeyRow)); break;
                case ListFormat.Jsonl:
                    foreach (var row in rows) Console.Out.WriteLine(JsonSerializer.Serialize(row, CliJson.Default.KeyRow));
                    break;
                case ListFormat.Table when rows.Count == 0: Console.Error.WriteLine("There are no keys yet; `yagura keys create` makes one."); break;
                default:
                    var table = new Table().AddColumns("key", "account", "name", "role", "made", "expires");
                    foreach (var row in rows) table.AddRow(row.AccessKeyId, row.Account, Markup.Escape(row.Name), row.Role, $"{row.CreatedAt:yyyy-MM-dd}", row.ExpiresAt is { } end ? $"{end:yyyy-MM-dd}" : "never");
                    Terminal.Out.Write(table);
                    break;
            }
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Revoke()
    {
        var data = DataDirectory.Option();
        var id = new Argument<string>("KEY") { Description = "The key's id." };
        var command = new Command("revoke", "Take a key back, at once.") { id, data };
        command.SetAction((parsed, cancel) => Use(parsed.GetRequiredValue(data), async keys =>
            await keys.Revoke(parsed.GetRequiredValue(id), "yagura keys", cancel) ? ExitCodes.Done : throw new UserError($"there is no key {parsed.GetRequiredValue(id)}", ExitCodes.Failed)));
        return command;
    }

    private static Task<int> Use(string data, Func<AccessKeys, Task<int>> work) => DataDirectory.Use(data, database =>
        work(new(new DocumentStore(database), SecretBox.Open(YaguraServer.SecretFile(data)), TimeProvider.System)));
}

internal sealed record NewKeyRow(string AccessKeyId, string SecretAccessKey);

internal sealed record KeyRow(string AccessKeyId, string Account, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);
