using System.Text.Json;
using System.Text.Json.Nodes;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;
using Yagura.Detectors.Yagura.IAMUser;
using Yagura.Engine.Findings;

namespace Yagura.Engine.Health;

/// <summary>Tells of changes made here that make the watch see or tell less, by what the audit log holds.</summary>
/// <remarks>What one identity did with one operation in one account and region is one finding. The state is folded from the log, so a restart tells the same again.</remarks>
/// <param name="since">Entries before it are too old to be told.</param>
/// <param name="configuration">Hash of the settings that took part.</param>
public sealed class WatchChanges(IAuditLog log, DateTimeOffset since, string configuration)
{
    private const int Together = 1_000, MostEvidence = 5;

    private const string Service = "yagura";

    private static readonly CatalogEntry Entry =
        FindingTypeCatalog.TryGet(WatchWeakened.Type.Type.Name, out var entry) ? entry : throw new InvalidOperationException($"{WatchWeakened.Type.Type} is not in the catalogue");

    private readonly Dictionary<FindingKey, List<(AuditEntry Entry, Weakening Weakening)>> _changes = [];
    private long _seen;

    /// <summary>The findings that entries since the last look have changed.</summary>
    /// <exception cref="StorageException">The log cannot be read now.</exception>
    public async Task<IReadOnlyList<Finding>> Look(CancellationToken cancel)
    {
        var changed = new HashSet<FindingKey>();
        while (await log.Read(_seen, Together, cancel) is { Count: > 0 } entries)
        {
            foreach (var one in entries)
            {
                _seen = one.Number;
                if (one.Record.Time < since || Judge(one.Record) is not { } weakening) continue;
                var (account, region) = PlaceOf(one.Record);
                var key = new FindingKey(WatchWeakened.Type.Type.Name, account, region, one.Record.Actor, $"{Service}\n{one.Record.Action}");
                if (!_changes.TryGetValue(key, out var known)) _changes[key] = known = [];
                known.Add((one, weakening));
                changed.Add(key);
            }
        }
        return [.. changed.Select(key => Build(key, _changes[key]))];
    }

    private static Weakening? Judge(AuditRecord record)
    {
        try
        {
            if (JsonNode.Parse(record.Details.IsEmpty ? "{}"u8 : record.Details.Span) is not JsonObject request) return null;
            // The path names what CloudTrail names beside the rest.
            if (!request.ContainsKey("name") && NameIn(record.Subject) is { } name) request["filterName"] = name;
            using var json = JsonDocument.Parse(request.ToJsonString());
            return WatchWeakened.Judge(record.Action, json.RootElement);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null; // what is no JSON, or names a member twice, was not asked for by a call
        }
    }

    // 111122223333/eu-west-1/detector/…/filter/noise, 111122223333/eu-west-1/yagura/v1/suppressions/noise/activate
    private static string? NameIn(string subject) => subject.Split('/') is var parts && Array.FindIndex(parts, part => part is "filter" or "suppressions") is >= 0 and var at && at + 1 < parts.Length
        ? Uri.UnescapeDataString(parts[at + 1]) : null;

    private static (string Account, string Region) PlaceOf(AuditRecord record) => record.Subject.Split('/') is [{ Length: 12 } account, { Length: > 0 } region, ..] && account.All(char.IsAsciiDigit)
        ? (account, region) : ("000000000000", FindingKey.UnknownRegion);

    private Finding Build(FindingKey key, List<(AuditEntry Entry, Weakening Weakening)> changes)
    {
        var (last, weakening) = changes[^1];
        var (title, description) = FindingTypeCatalog.Describe(Entry, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["principal"] = last.Record.Actor, ["api"] = last.Record.Action, ["account"] = key.AccountId, ["region"] = key.Region,
        });
        var isKey = last.Record.Actor.StartsWith("AKIA", StringComparison.Ordinal);
        return new(
            key.AccountId, key.Region, key.Id, WatchWeakened.Type.Type, changes.Max(change => change.Weakening.Severity).ToValue(), title, description,
            new(ResourceType.AccessKey) { AccessKeyDetails = new(isKey ? last.Record.Actor : null, null, isKey ? null : last.Record.Actor, null) },
            new(key.DetectorId, new AwsApiCallAction(last.Record.Action, Service, "Domain", null) { Domain = Service }, ResourceRole.Target, [], [],
                changes.Min(change => change.Entry.Record.Time), changes.Max(change => change.Entry.Record.Time), changes.Count),
            changes[0].Entry.Record.Time, last.Record.Time,
            new($"in Yagura {weakening.Why}",
                [.. changes.TakeLast(MostEvidence).Select(change => new EvidenceRecord("audit log", change.Entry.Number, change.Entry.Record.Time, change.Entry.Hash, change.Weakening.Why))],
                CountIsEstimate: false, FindingBuilder.Version, configuration, null));
    }
}
