using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Ledger.Digests;

namespace Yagura.Engine.Health;

/// <summary>Looks at the ledger and the sources, and gives the findings of what is wrong with them.</summary>
/// <param name="started">When collecting began.</param>
public sealed class HealthWatch(ILedger ledger, IReadOnlyList<ILogSource> sources, HealthFindings findings, DateTimeOffset started, TimeProvider time)
{
    private const int MostHours = 1_000_000, MostMissing = 1_000;

    /// <param name="digests">Reports since the last look.</param>
    /// <exception cref="IOException">The ledger cannot be read now.</exception>
    public async Task<IReadOnlyList<Finding>> Look(IReadOnlyList<DigestReport> digests, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var view = new HealthView(
            now, started, await ledger.Streams(cancel), await ledger.Hours(new() { Since = now.AddHours(-LogGaps.Window - LogGaps.Settling - 1) }, MostHours, cancel),
            await ledger.Objects(new() { State = LedgerState.Missing }, null, MostMissing, cancel), [.. sources.Select(source => (source.Name, source.Status))], digests);
        return [.. HealthCheck.Judge(view).Select(findings.Build)];
    }
}
