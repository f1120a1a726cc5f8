using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;
using Yagura.Engine.Findings;

namespace Yagura.Api.GuardDuty;

/// <summary>A finding of any type with values that nobody takes for real, for those who try what happens to findings.</summary>
/// <remarks>The values are those that the real service's samples have.</remarks>
internal static class SampleFindings
{
    public static async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var names = call.Body.Texts("findingTypes", 0, 50, 1, 100);
        var unknown = names.FirstOrDefault(name => !FindingTypeCatalog.TryGet(name, out _));
        if (unknown is not null) throw call.Body.Invalid("findingTypes", $"there is no type {unknown}");
        var samples = FindingTypeCatalog.All.Where(entry => names.Count == 0 || names.Contains(entry.Type.Name, StringComparer.Ordinal))
            .Select(entry => Sample(entry, call.Account, call.Region, call.Now)).ToList();
        var scope = FindingScope.Of(call.Account, call.Region);
        var known = (await call.Backend.Findings.Get(scope, [.. samples.Select(sample => sample.Id)], cancel))
            .ToDictionary(stored => stored.Finding.Id, stored => stored.Finding, StringComparer.Ordinal);
        await call.Backend.Findings.Put([.. samples.Select(sample => known.TryGetValue(sample.Id, out var before) ? Again(sample, before) : sample)], cancel);
    }

    public static Finding Sample(CatalogEntry entry, string account, string region, DateTimeOffset now)
    {
        var key = new FindingKey(entry.Type.Name, account, region, "sample", "");
        var (title, description) = FindingTypeCatalog.Describe(entry, SampleBlocks.Words(account, region));
        ResourceRole? role = entry.ResourceRoles is [var first, ..] ? first : null;
        var service = new Service(key.DetectorId, SampleBlocks.Action(entry.ActionType, account, region), role, [], [new("sample", "true")], now, now, 1)
        {
            Others = SampleBlocks.Evidence(entry, account, region),
            Sequence = entry.ResourceTypes is ["AttackSequence"] ? SampleBlocks.Sequence(key.Id, entry, account, region, now) : null,
        };
        var severity = entry.Severities.Select(rule => rule.Level).FirstOrDefault(level => level is not null) ?? Severity.High;
        return new(account, region, key.Id, entry.Type, severity.ToValue(), title, description, SampleBlocks.Resource(entry, account, region), service, now, now,
            new("a sample that somebody asked for", [], false, SampleBlocks.Version, "none", null));
    }

    private static Finding Again(Finding sample, Finding before) => sample with
    {
        Service = sample.Service with { Count = before.Service.Count + 1, EventFirstSeen = before.Service.EventFirstSeen },
    };
}
