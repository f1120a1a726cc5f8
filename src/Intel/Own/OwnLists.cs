using System.Text.Json;
using System.Text.Json.Serialization;
using Yagura.Core.Ports;

namespace Yagura.Intel;

/// <summary>The organization's own lists that are in use, kept in a folder so that they outlast a restart and the loss of their source.</summary>
/// <remarks>A list is two files, <c>account_region_id.list</c> as it was fetched and <c>account_region_id.json</c>, which says what it is; without the second there is none.</remarks>
public sealed class OwnLists : IOwnLists, IDisposable
{
    private readonly string _folder;
    private readonly IListFiles _files;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile IReadOnlyList<UsedList> _used = [];

    private readonly Action? _changed;

    private OwnLists(string folder, IListFiles files, Action? changed) => (_folder, _files, _changed) = (folder, files, changed);

    /// <summary>In the order of their keys; replaced whole.</summary>
    public IReadOnlyList<UsedList> Used => _used;

    /// <param name="folder">Made where it is missing.</param>
    /// <param name="changed">Called each time once <see cref="Used"/> has changed.</param>
    /// <exception cref="IOException">The folder or a file in it cannot be read.</exception>
    public static OwnLists Open(string folder, IListFiles files, Action? changed = null)
    {
        Directory.CreateDirectory(folder);
        var lists = new OwnLists(folder, files, changed);
        var used = new List<UsedList>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var list = JsonSerializer.Deserialize(File.ReadAllBytes(path), OwnListJson.Default.OwnList) ?? throw new IOException($"{path} says of no list what it is");
            used.Add(new(list, Parse(list, File.ReadAllBytes(Path.ChangeExtension(path, ".list")))));
        }
        lists._used = used;
        return lists;
    }

    /// <inheritdoc/>
    public async Task Use(OwnList list, CancellationToken cancel = default)
    {
        var content = await _files.Read(list.Location, list.BucketOwner, ListLimits.Own.Bytes, cancel);
        var used = new UsedList(list, Parse(list, content));
        await Change(list.Account, list.Region, list.Id, path =>
        {
            AtomicFile.Write(path + ".list", content);
            AtomicFile.Write(path + ".json", JsonSerializer.SerializeToUtf8Bytes(list, OwnListJson.Default.OwnList));
            return used;
        }, cancel);
    }

    /// <inheritdoc/>
    public Task Drop(string account, string region, string id, CancellationToken cancel = default) => Change(account, region, id, path =>
    {
        File.Delete(path + ".json");
        File.Delete(path + ".list");
        return null;
    }, cancel);

    public void Dispose() => _changing.Dispose();

    /// <summary>What a list of this use may hold. Source: user guide, "Quotas for GuardDuty".</summary>
    public static int MostEntries(ListUse use) => use switch
    {
        ListUse.TrustedAddresses => 2_000,
        ListUse.ThreatAddresses => 250_000,
        ListUse.TrustedEntities or ListUse.ThreatEntities => 1_000,
    };

    private async Task Change(string account, string region, string id, Func<string, UsedList?> change, CancellationToken cancel)
    {
        var name = $"{account}_{region}_{id}";
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) throw new IOException($"{name} names no list");
        await _changing.WaitAsync(cancel);
        try
        {
            var changed = change(Path.Combine(_folder, name));
            var others = _used.Where(one => (one.List.Account, one.List.Region, one.List.Id) != (account, region, id));
            _used = [.. (changed is null ? others : others.Append(changed)).OrderBy(one => $"{one.List.Account}_{one.List.Region}_{one.List.Id}", StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
        finally
        {
            _changing.Release();
        }
        _changed?.Invoke();
    }

    private static ParsedList Parse(OwnList list, byte[] content)
    {
        if (!ListFormats.TryParse(list.Format, out var format)) throw new IOException($"{list.Format} is no format of lists");
        var category = list.Use is ListUse.TrustedAddresses or ListUse.TrustedEntities ? ThreatCategory.Trusted : ThreatCategory.Custom;
        var most = MostEntries(list.Use);
        // One more than may be, so that a list that is too long is told from one that is just long enough.
        var parsed = ThreatListReader.Read(list.Name, category, content, format, limits: ListLimits.Own with { Entries = most + 1 });
        if (parsed.Entries > most) throw new IOException($"the list holds more than {most} entries");
        if (parsed.Entries == 0)
            throw new IOException(parsed.FirstRejects is [var reject, ..] ? $"the list holds no entry; line {reject.Line}: {reject.Reason}" : "the list holds no entry");
        // IP sets and threat intel sets know addresses only; a name in them is no mistake, but is not used.
        return list.Use is ListUse.TrustedAddresses or ListUse.ThreatAddresses ? parsed with { Names = [], Keys = [] } : parsed;
    }
}

/// <summary>A list that is in use and what it holds.</summary>
public sealed record UsedList(OwnList List, ParsedList Content);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(OwnList))]
internal sealed partial class OwnListJson : JsonSerializerContext;
