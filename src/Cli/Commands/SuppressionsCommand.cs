using System.CommandLine;
using System.Text;
using System.Text.Json;
using Yagura.Api.Suppressions;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;
using Yagura.Matching.Criteria;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Documents;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Suppressions;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura suppressions</c>: rules that hide what was judged harmless, with what they hid and whether it is still that.</summary>
internal sealed class SuppressionsCommand
{
    private enum ListFormat { Table, Json, Jsonl }

    private readonly Option<string> _data = DataDirectory.Option();
    private readonly Option<string?> _account = new("--account") { Description = "The account that the rule is of; may be left out where only one has it.", HelpName = "ID" };
    private readonly Option<string?> _region = new("--region") { Description = "The region that the rule is of; may be left out where only one has it.", HelpName = "REGION" };
    private readonly Argument<string> _name = new("NAME") { Description = "The rule's name." };
    private readonly Option<ListFormat> _format = Choice.OrFirst<ListFormat>("--format", "How it is written.");

    public static Command Create() => new("suppressions", "Rules that hide what was judged harmless: what they hid, would hide, and until when.")
    {
        List(), Show(), Add(), Preview(), Renew(),
        Switch("shadow", "ShadowSuppression", "Let a rule only count what it would hide.", SuppressionMode.Shadow),
        Switch("activate", "ActivateSuppression", "Let a rule hide; whoever does it has looked at what it met so far.", SuppressionMode.Active),
        Remove(), Hits(),
    };

    private static Command List()
    {
        var given = new SuppressionsCommand();
        var command = new Command("list", "List the rules.") { given._account, given._region, given._data, given._format };
        command.SetAction((parsed, cancel) => given.Use(parsed, async desk =>
        {
            var all = await desk.Report.List(parsed.GetValue(given._account), parsed.GetValue(given._region), cancel);
            if (!Written(parsed.GetValue(given._format), all, SuppressionJson.Write)) SuppressionTables.Write(all);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Show()
    {
        var given = new SuppressionsCommand();
        var command = new Command("show", "Show a rule with what it did.") { given._name, given._account, given._region, given._data, given._format };
        command.SetAction((parsed, cancel) => given.Use(parsed, async desk =>
        {
            var key = await given.Find(parsed, desk, cancel);
            var one = await desk.Report.Get(key.Account, key.Region, key.Name, cancel) ?? throw Unknown(key.Name);
            if (parsed.GetValue(given._format) == ListFormat.Json) JsonList.WriteOne(json => SuppressionJson.Write(json, one));
            else if (!Written(parsed.GetValue(given._format), [one], SuppressionJson.Write)) SuppressionTables.Write(one);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Add()
    {
        var given = new SuppressionsCommand();
        var criteria = new Option<string>("--criteria") { Description = "GuardDuty's finding criteria, {\"criterion\":{…}}, or a file that holds them.", HelpName = "JSON|FILE", Required = true };
        var owner = new Option<string>("--owner") { Description = "Who answers for the rule.", HelpName = "WHO", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why what it hides is harmless.", HelpName = "TEXT", Required = true };
        var expires = Expires();
        var shadow = new Option<bool>("--shadow") { Description = "Only count what it would hide, until it is activated." };
        var rank = new Option<int?>("--rank") { Description = "Of several rules that fit, the one of the lowest rank hides; default behind all others.", HelpName = "RANK" };
        var description = new Option<string?>("--description") { Description = "The filter's description in GuardDuty's API.", HelpName = "TEXT" };
        var command = new Command("add", "Make a rule. Findings that come from now on and fit it are archived.")
        {
            given._name, criteria, owner, reason, expires, shadow, rank, description, given._account, given._region, given._data,
        };
        command.SetAction((parsed, cancel) => given.Use(parsed, async desk =>
        {
            var (account, region) = await given.Place(parsed, desk, cancel);
            var bytes = CriteriaOf(parsed.GetRequiredValue(criteria));
            var change = await desk.Rules.Add(new(account, region, parsed.GetRequiredValue(given._name), parsed.GetRequiredValue(owner), parsed.GetRequiredValue(reason),
                ExpiryOf(parsed.GetRequiredValue(expires)), parsed.GetValue(shadow) ? SuppressionMode.Shadow : SuppressionMode.Active, bytes)
            {
                Rank = parsed.GetValue(rank), Description = parsed.GetValue(description),
            }, cancel);
            await desk.Commit(change, "AddSuppression", "", cancel);
            var preview = await SuppressionPreview.Of(desk.Stored, await desk.Rules.ScopeOf(account, region, cancel), bytes, cancel);
            foreach (var warning in preview.Warnings) Terminal.Complain($"warning: {warning}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Preview()
    {
        var given = new SuppressionsCommand();
        var name = new Argument<string?>("NAME") { Description = "The rule's name; left out for criteria that are no rule yet.", Arity = ArgumentArity.ZeroOrOne };
        var criteria = new Option<string?>("--criteria") { Description = "GuardDuty's finding criteria, {\"criterion\":{…}}, or a file that holds them.", HelpName = "JSON|FILE" };
        var command = new Command("preview", "What a rule would have hidden among the findings that are stored. Changes nothing.") { name, criteria, given._account, given._region, given._data, given._format };
        command.SetAction((parsed, cancel) => given.Use(parsed, async desk =>
        {
            if (parsed.GetValue(name) is null == parsed.GetValue(criteria) is null) throw new UserError("name a rule, or give --criteria");
            var (scope, bytes) = parsed.GetValue(name) is { } known ? await OfRule(await Find(desk, known, parsed.GetValue(given._account), parsed.GetValue(given._region), cancel))
                : (await given.Wide(parsed, desk, cancel), CriteriaOf(parsed.GetValue(criteria)!));
            var preview = await SuppressionPreview.Of(desk.Stored, scope, bytes, cancel);
            if (parsed.GetValue(given._format) == ListFormat.Json) JsonList.WriteOne(json => SuppressionJson.Write(json, preview));
            else if (!Written(parsed.GetValue(given._format), [preview], SuppressionJson.Write)) SuppressionTables.Write(preview);
            return ExitCodes.Done;

            async Task<(FindingScope, byte[])> OfRule(SuppressionKey key) =>
                (await desk.Rules.ScopeOf(key.Account, key.Region, cancel), Encoding.UTF8.GetBytes((await desk.Rules.Get(key.Account, key.Region, key.Name, cancel))!.CriteriaJson));
        }));
        return command;
    }

    private static Command Renew()
    {
        var given = new SuppressionsCommand();
        var expires = Expires();
        var reason = new Option<string?>("--reason") { Description = "Why what it hides is harmless; default as before.", HelpName = "TEXT" };
        var owner = new Option<string?>("--owner") { Description = "Who answers for it; default as before.", HelpName = "WHO" };
        var command = new Command("renew", "Let a rule hold longer; whoever does it has looked at what it met so far.") { given._name, expires, reason, owner, given._account, given._region, given._data };
        command.SetAction((parsed, cancel) => given.Change(parsed, "RenewSuppression", "/renew", (desk, key) =>
            desk.Rules.Renew(key.Account, key.Region, key.Name, ExpiryOf(parsed.GetRequiredValue(expires)), parsed.GetValue(reason), parsed.GetValue(owner), cancel), cancel));
        return command;
    }

    private static Command Switch(string verb, string action, string description, SuppressionMode mode)
    {
        var given = new SuppressionsCommand();
        var command = new Command(verb, description) { given._name, given._account, given._region, given._data };
        command.SetAction((parsed, cancel) => given.Change(parsed, action, $"/{verb}", (desk, key) => desk.Rules.Switch(key.Account, key.Region, key.Name, mode, cancel), cancel));
        return command;
    }

    private static Command Remove()
    {
        var given = new SuppressionsCommand();
        var command = new Command("remove", "Take a rule away. What it hid stays archived until it occurs again.") { given._name, given._account, given._region, given._data };
        command.SetAction((parsed, cancel) => given.Change(parsed, "RemoveSuppression", "", (desk, key) => desk.Rules.Remove(key.Account, key.Region, key.Name, cancel), cancel));
        return command;
    }

    private static Command Hits()
    {
        const int Together = 1_000;
        var given = new SuppressionsCommand();
        var limit = new Option<int>("--limit") { Description = "Most findings that are listed; default 100.", HelpName = "COUNT", DefaultValueFactory = _ => 100 };
        var command = new Command("hits", "List the findings that a rule hid, or would have hidden, those that it met last first.") { given._name, limit, given._account, given._region, given._data, given._format };
        command.SetAction((parsed, cancel) => given.Use(parsed, async desk =>
        {
            var most = parsed.GetValue(limit);
            if (most < 1) throw new UserError("--limit: at least 1");
            var key = await given.Find(parsed, desk, cancel);
            var hidden = new List<HiddenFinding>();
            while (hidden.Count < most && await desk.Hits.List(key, hidden.LastOrDefault(), Math.Min(Together, most - hidden.Count), cancel) is { Count: > 0 } page) hidden.AddRange(page);
            if (!Written(parsed.GetValue(given._format), hidden, SuppressionJson.Write)) SuppressionTables.Write(hidden);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Option<string> Expires() => new("--expires") { Description = "The last day that it holds (2026-12-31), a time (2026-12-31T00:00:00Z), or days from now (90d).", HelpName = "WHEN", Required = true };

    private static DateTimeOffset ExpiryOf(string text) =>
        text is [.. var days, 'd'] && int.TryParse(days, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 3660
            ? TimeProvider.System.GetUtcNow().AddDays(number)
            : Suppression.TryParseExpiry(text, out var end) ? end : throw new UserError($"--expires {text}: write a date (2026-12-31), a time (2026-12-31T00:00:00Z) or a number of days (90d)");

    private static byte[] CriteriaOf(string text)
    {
        var bytes = text.TrimStart().StartsWith('{') ? Encoding.UTF8.GetBytes(text) : Files.Read(text);
        return FindingCriteria.TryParse(bytes, out _, out var errors) ? bytes : throw new UserError(string.Join('\n', errors));
    }

    /// <returns>False for tables.</returns>
    private static bool Written<T>(ListFormat format, IReadOnlyList<T> all, Action<Utf8JsonWriter, T> write)
    {
        if (format == ListFormat.Table) return false;
        var list = new JsonList(format == ListFormat.Json);
        foreach (var one in all) list.Add(json => write(json, one));
        list.End();
        return true;
    }

    private Task<int> Change(ParseResult parsed, string action, string path, Func<Desk, SuppressionKey, Task<DocumentChange?>> change, CancellationToken cancel) => Use(parsed, async desk =>
    {
        var key = await Find(parsed, desk, cancel);
        await desk.Commit(await change(desk, key) ?? throw Unknown(key.Name), action, path, cancel);
        return ExitCodes.Done;
    });

    private Task<int> Use(ParseResult parsed, Func<Desk, Task<int>> work) => DataDirectory.Use(parsed.GetRequiredValue(_data), async database =>
    {
        try
        {
            return await work(new(database));
        }
        catch (SuppressionException mistakes)
        {
            throw new UserError(mistakes.Message.Replace("; ", "\n", StringComparison.Ordinal));
        }
        catch (DocumentConflictException conflict)
        {
            throw new UserError($"{conflict.Message}; try again", ExitCodes.Failed);
        }
    });

    private Task<SuppressionKey> Find(ParseResult parsed, Desk desk, CancellationToken cancel) =>
        Find(desk, parsed.GetRequiredValue(_name), parsed.GetValue(_account), parsed.GetValue(_region), cancel);

    private static async Task<SuppressionKey> Find(Desk desk, string name, string? account, string? region, CancellationToken cancel)
    {
        var keys = (await desk.Rules.List(account, region, cancel)).Select(rule => rule.Key).Where(key => key.Name == name).ToList();
        return keys switch
        {
            [var one] => one,
            [] => throw Unknown(name),
            _ => throw new UserError($"{name} is the name of {keys.Count} rules; say which by --account and --region: {string.Join(", ", keys.Take(5).Select(key => $"{key.Account} {key.Region}"))}"),
        };
    }

    /// <summary>Where a new rule belongs.</summary>
    private async Task<(string Account, string Region)> Place(ParseResult parsed, Desk desk, CancellationToken cancel)
    {
        var (account, region) = (parsed.GetValue(_account), parsed.GetValue(_region));
        if (account is not null && region is not null) return (account, region);
        var places = (await desk.Rules.Detectors(cancel)).Where(place => place.Account == (account ?? place.Account) && place.Region == (region ?? place.Region)).ToList();
        return places is [var one] ? one : throw new UserError($"--account and --region are needed: {(places.Count == 0 ? "there is no detector yet" : $"there are {places.Count} detectors")}");
    }

    private async Task<FindingScope> Wide(ParseResult parsed, Desk desk, CancellationToken cancel) => (parsed.GetValue(_account), parsed.GetValue(_region)) switch
    {
        ({ } account, { } region) => await desk.Rules.ScopeOf(account, region, cancel),
        ({ } account, null) => new([account], null),
        (null, var region) => new(null, region),
    };

    private static UserError Unknown(string name) => new($"there is no suppression rule {name}", ExitCodes.Failed);

    /// <summary>What the verbs work on, beside a server that may be running.</summary>
    private sealed class Desk(Database database)
    {
        private static readonly TimeProvider Time = TimeProvider.System;

        private readonly DocumentStore _documents = new(database);

        public SuppressionRules Rules { get; } = new(new DocumentStore(database), Time);

        public SuppressionHits Hits { get; } = new(database);

        public FindingFile Stored { get; } = new(database);

        public SuppressionReport Report => new(Rules, Hits, Time);

        /// <summary>Writes a change with a record of who made it.</summary>
        /// <param name="path">What an API's path would have behind the name.</param>
        public Task Commit(DocumentChange change, string action, string path, CancellationToken cancel)
        {
            var key = change.Key;
            var record = new AuditRecord(Time.GetUtcNow(), Environment.UserName, action, $"{key.Account}/{key.Region}/yagura/v1/suppressions/{key.Id}{path}", change.Json is null ? "{}"u8.ToArray() : Details(change));
            return _documents.Write([change], record, cancel);
        }

        private static byte[] Details(DocumentChange change)
        {
            var rule = SuppressionRules.RuleOf(change);
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes))
            {
                json.WriteStartObject();
                json.WriteString("name", rule.Key.Name);
                json.WriteString("owner", rule.Owner);
                json.WriteString("reason", rule.Reason);
                json.WriteString("expires", FindingJson.Iso(rule.Expires));
                json.WriteString("mode", $"{rule.Mode}".ToLowerInvariant());
                json.WritePropertyName("findingCriteria");
                json.WriteRawValue(rule.CriteriaJson);
                json.WriteEndObject();
            }
            return bytes.ToArray();
        }
    }
}
