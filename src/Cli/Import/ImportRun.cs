using System.Text.Json.Nodes;
using Yagura.Aws.GuardDuty;

namespace Yagura.Cli.Import;

/// <summary>Takes over the settings of one region, or says what it would do.</summary>
internal static class ImportRun
{
    /// <param name="target">Null where nothing is known of a Yagura: everything is new then.</param>
    /// <exception cref="GuardDutyException">One of the two cannot be read.</exception>
    public static async Task<IReadOnlyList<ImportStep>> Plan(GuardDutyReader source, YaguraWriter? target, string region, CancellationToken cancel)
    {
        var wanted = await source.Read(cancel);
        return ImportPlan.Of(wanted, target is null ? new(region, null, null, [], []) : await target.Reader.Read(cancel));
    }

    /// <summary>Makes the changes of a plan, in its order.</summary>
    /// <returns>What could not be done, with the reason.</returns>
    public static async Task<IReadOnlyList<(ImportStep Step, string Reason)>> Apply(IReadOnlyList<ImportStep> plan, YaguraWriter target, CancellationToken cancel)
    {
        var failures = new List<(ImportStep, string)>();
        string? detector = null;
        foreach (var step in plan)
        {
            if (step.Change is not { } change) continue;
            try
            {
                if (change.Path.Contains(ImportPlan.NewDetector, StringComparer.Ordinal))
                    change = change with { Path = [.. change.Path.Select(part => part == ImportPlan.NewDetector ? detector ?? throw new GuardDutyException(change.Operation, "there is no detector for it") : part)] };
                var answer = await target.Write(change, cancel);
                if (change.Operation == "CreateDetector") detector = answer["detectorId"] is JsonValue id ? id.ToString() : null;
            }
            catch (GuardDutyException error)
            {
                failures.Add((step, error.Message)); // the others may do
            }
        }
        return failures;
    }
}
