using System.CommandLine;
using Yagura.Aws.Connections;
using Yagura.Aws.GuardDuty;
using Yagura.Cli.Import;
using Yagura.Cli.Output;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura import</c>: what somebody set up elsewhere.</summary>
internal static class ImportCommand
{
    /// <summary>Hold the access key of Yagura; that of AWS comes from AWS's own places, so that neither can be taken for the other.</summary>
    private const string KeyVariable = "YAGURA_ACCESS_KEY_ID", SecretVariable = "YAGURA_SECRET_ACCESS_KEY";

    public static Command Create() => new("import", "Take over what was set up elsewhere.") { CreateGuardDuty() };

    private static Command CreateGuardDuty()
    {
        var region = new Option<string[]>("--region") { Description = "A region of AWS; may be given more than once. [default: that of the environment]", HelpName = "REGION" };
        var profile = new Option<string?>("--profile") { Description = "The profile whose rights are used; without it AWS's standard chain.", HelpName = "NAME" };
        var role = new Option<string?>("--role") { Description = "ARN of a role to assume for reading.", HelpName = "ARN" };
        var externalId = new Option<string?>("--external-id") { Description = "What the role's trust policy asks for.", HelpName = "ID" };
        var endpointUrl = Url("--endpoint-url", "Where GuardDuty is asked, instead of AWS's own address.");
        var to = Url("--to", $"The Yagura that takes the settings over; its access key is in {KeyVariable} and {SecretVariable}. Without it everything counts as new.");
        var apply = new Option<bool>("--apply") { Description = "Change Yagura; without it, only say what would change." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would change, as without --apply." };
        var policy = new Option<bool>("--policy") { Description = "Write the IAM policy that reading takes, and do nothing else." };
        var partition = new Option<string>("--partition") { Description = "Of the policy: aws, aws-cn or aws-us-gov.", HelpName = "NAME", DefaultValueFactory = _ => "aws" };
        var format = Choice.OrFirst<ImportFormat>("--format", "How the settings are written.");
        var command = new Command("guardduty", "Take over filters, suppression rules, lists and the detector's settings of Amazon GuardDuty, which is only read.")
        {
            region, profile, role, externalId, endpointUrl, to, apply, dryRun, policy, partition, format,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(policy))
            {
                Console.Out.WriteLine(ReadingPolicy.Write(parsed.GetRequiredValue(partition)));
                return ExitCodes.Done;
            }
            if (parsed.GetValue(apply) && parsed.GetValue(dryRun)) throw new UserError("--apply and --dry-run cannot both be given");
            if (parsed.GetValue(apply) && parsed.GetValue(to) is null) throw new UserError("--apply needs --to, the Yagura that takes the settings over");
            var regions = Regions(parsed.GetValue(region) ?? []);
            var access = new AwsAccess(parsed.GetValue(role), parsed.GetValue(externalId));
            var rows = new List<ImportRow>();
            var failed = false;
            foreach (var name in regions)
            {
                var source = GuardDutyReader.Of(access with { Region = name }, parsed.GetValue(profile), parsed.GetValue(endpointUrl), TimeProvider.System);
                var target = parsed.GetValue(to) is { } url ? Target(url, name) : null;
                failed |= !await Import(name, source, target, parsed.GetValue(apply), rows, cancel);
            }
            ImportReport.Write(parsed.GetValue(format), rows);
            if (rows.Count > 0) Console.Error.WriteLine(Summary(rows, parsed.GetValue(apply)));
            return failed ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    /// <returns>False where something went wrong.</returns>
    private static async Task<bool> Import(string region, GuardDutyReader source, YaguraWriter? target, bool apply, List<ImportRow> rows, CancellationToken cancel)
    {
        try
        {
            var plan = await ImportRun.Plan(source, target, region, cancel);
            if (plan.Count == 0) Terminal.Complain($"{region}: GuardDuty is not switched on");
            var failures = apply && target is not null ? await ImportRun.Apply(plan, target, cancel) : [];
            rows.AddRange(plan.Select(step => ImportRow.Of(step, failures.FirstOrDefault(failure => failure.Step == step).Reason)));
            return failures.Count == 0;
        }
        catch (GuardDutyException error)
        {
            Terminal.Complain($"{region}: {error.Operation}: {error.Message}");
            return false;
        }
    }

    private static Option<Uri?> Url(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = argument =>
        {
            if (Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
            argument.AddError($"'{argument.Tokens[0].Value}' is no URL with http or https");
            return null;
        },
    };

    private static YaguraWriter Target(Uri url, string region)
    {
        var (key, secret) = (Environment.GetEnvironmentVariable(KeyVariable), Environment.GetEnvironmentVariable(SecretVariable));
        if (string.IsNullOrEmpty(key) || string.IsNullOrEmpty(secret)) throw new UserError($"the access key of Yagura is needed in {KeyVariable} and {SecretVariable}");
        try
        {
            return YaguraWriter.To(url, region, key, secret, TimeProvider.System);
        }
        catch (ArgumentException mistake)
        {
            throw new UserError(mistake.Message[..mistake.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal)]);
        }
    }

    private static IReadOnlyList<string> Regions(string[] given)
    {
        var own = Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION");
        var regions = given.Length > 0 ? given : own is { Length: > 0 } ? [own] : throw new UserError("a region is needed: --region, or AWS_REGION in the environment");
        if (Array.Find(regions, region => !Core.Collection.DeliveredName.IsRegion(region)) is { } wrong) throw new UserError($"'{wrong}' is no region of AWS");
        return [.. regions.Distinct(StringComparer.Ordinal)];
    }

    private static string Summary(List<ImportRow> rows, bool applied)
    {
        var counts = string.Join(", ", rows.GroupBy(row => row.State, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"));
        return applied ? $"{counts}; {rows.Count(row => row is { State: "new" or "changed", Failure: null })} taken over" : $"{counts}; nothing was changed (--apply changes Yagura)";
    }
}
