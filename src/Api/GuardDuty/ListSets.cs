using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>IP sets, threat intel sets, trusted and threat entity sets: the same operations on four kinds of lists.</summary>
/// <param name="use">What the lists are for.</param>
/// <param name="kind">How they are kept.</param>
/// <param name="name">As in the operations, such as <c>IpSet</c>: <c>ipSetId</c> in answers, <c>IpSetId</c> in paths.</param>
/// <param name="most">Lists per account and region. Source: user guide, "Quotas for GuardDuty".</param>
internal sealed class ListSets(ListUse use, DocumentKind<ListSet> kind, string name, int most)
{
    /// <summary>How long a list that was deleted can still be asked for: clients wait to see that it is.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromHours(24);

    private static readonly string[] Formats = ["TXT", "STIX", "OTX_CSV", "ALIEN_VAULT", "PROOF_POINT", "FIRE_EYE"];

    public static ListSets IpSets { get; } = new(ListUse.TrustedAddresses, Kinds.IpSet, "IpSet", 1);
    public static ListSets ThreatIntelSets { get; } = new(ListUse.ThreatAddresses, Kinds.ThreatIntelSet, "ThreatIntelSet", 6);
    public static ListSets TrustedEntitySets { get; } = new(ListUse.TrustedEntities, Kinds.TrustedEntitySet, "TrustedEntitySet", 1);
    public static ListSets ThreatEntitySets { get; } = new(ListUse.ThreatEntities, Kinds.ThreatEntitySet, "ThreatEntitySet", 6);

    public static IReadOnlyList<ListSets> All { get; } = [IpSets, ThreatIntelSets, TrustedEntitySets, ThreatEntitySets];

    public ListUse Use => use;

    public DocumentKind<ListSet> Kind => kind;

    /// <summary>The word before the id in ARNs.</summary>
    public string ArnName => name.ToLowerInvariant();

    private string WireName => char.ToLowerInvariant(name[0]) + name[1..];

    private string IdInPath => $"{name}Id";

    public async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Membership.RefuseMember(call, cancel);
        var list = new ListSet(call.Body.Text("name"), call.Body.Choice("format", Formats), LocationOf(call) ?? throw Refuse.Missing("location"), OwnerOf(call),
            call.Body.Flag("activate") ? ListStatus.Activating : ListStatus.Inactive, call.Now, call.Now, Tags.Read(call.Body));
        var alive = await Alive(call, cancel);
        if (alive.Any(other => other.Value.Name == list.Name)) throw Refuse.AlreadyExists("a list with the given name");
        if (alive.Count >= most) throw Refuse.TooMany($"{name}s", most);
        var id = Call.NewId();
        Put(call, id, list);
        json.WriteString($"{WireName}Id", id);
    }

    public async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var list = await Of(call, cancel);
        json.WriteString("name", list.Name);
        json.WriteString("format", list.Format);
        json.WriteString("location", list.Location);
        if (list.ExpectedBucketOwner is not null) json.WriteString("expectedBucketOwner", list.ExpectedBucketOwner);
        json.WriteString("status", list.Status.Word());
        Tags.Write(json, list.Tags);
        if (use is not (ListUse.TrustedEntities or ListUse.ThreatEntities)) return; // the older two do not tell more
        Times.WriteEpoch(json, "createdAt", list.CreatedAt);
        Times.WriteEpoch(json, "updatedAt", list.UpdatedAt);
        if (list.Error is not null) json.WriteString("errorDetails", list.Error);
    }

    public async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        call.WritePage(json, $"{WireName}Ids", await Alive(call, cancel), list => list.Id, (json, list) => json.WriteStringValue(list.Id));
    }

    public async Task Update(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var list = await Of(call, cancel);
        if (IsGone(list)) throw Refuse.NoSuchResource();
        await Membership.RefuseMember(call, cancel);
        var changed = list with
        {
            Name = call.Body.TextOrNull("name") ?? list.Name,
            Location = LocationOf(call) ?? list.Location,
            ExpectedBucketOwner = OwnerOf(call) ?? list.ExpectedBucketOwner,
            UpdatedAt = call.Now,
            Error = null,
        };
        // A change of an active list, and asking for it once more, fetches the file anew.
        var activate = call.Body.FlagOrNull("activate") ?? list.Status is ListStatus.Active or ListStatus.Activating;
        var status = activate ? ListStatus.Activating : list.Status is ListStatus.Active or ListStatus.Activating ? ListStatus.Deactivating : list.Status;
        Put(call, call.Path(IdInPath), changed with { Status = status });
    }

    public async Task Delete(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var list = await Of(call, cancel);
        if (IsGone(list)) throw Refuse.NoSuchResource();
        await Membership.RefuseMember(call, cancel);
        Put(call, call.Path(IdInPath), list with { Status = ListStatus.DeletePending, UpdatedAt = call.Now });
        foreach (var (id, old) in await call.List(kind, cancel))
        {
            if (old.Status == ListStatus.Deleted && old.UpdatedAt < call.Now - Afterlife) call.Delete(kind, id);
        }
    }

    /// <summary>Takes the lists of a detector away, which is deleted itself.</summary>
    public static async Task DeleteAll(Call call, CancellationToken cancel)
    {
        foreach (var sets in All)
        {
            foreach (var (id, list) in await sets.Alive(call, cancel)) sets.Put(call, id, list with { Status = ListStatus.DeletePending, UpdatedAt = call.Now });
        }
    }

    private static bool IsGone(ListSet list) => list.Status is ListStatus.DeletePending or ListStatus.Deleted;

    private async Task<ListSet> Of(Call call, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        return await call.Get(kind, call.Path(IdInPath), cancel) ?? throw Refuse.NoSuchResource();
    }

    private async Task<IReadOnlyList<(string Id, ListSet Value)>> Alive(Call call, CancellationToken cancel) =>
        [.. (await call.List(kind, cancel)).Where(list => !IsGone(list.Value))];

    // What is to be done for the list is in its status: whoever does it is told, and finds it there after a restart as well.
    private void Put(Call call, string id, ListSet list)
    {
        call.Put(kind, id, list);
        call.AfterCommit(call.Backend.ListsChanged);
    }

    private static string? OwnerOf(Call call) => call.Body.Has("expectedBucketOwner") ? call.Body.Account("expectedBucketOwner") : null;

    private static string? LocationOf(Call call) => call.Body.TextOrNull("location") is not { } location ? null
        : Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.Scheme is "s3" or "https" or "http" or "file"
            ? location : throw call.Body.Invalid("location", "an URL with s3, https or file is expected");
}
