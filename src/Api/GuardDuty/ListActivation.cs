using Microsoft.Extensions.Logging;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Brings lists into use and out of it, as their status asks for.</summary>
internal sealed class ListActivation(Backend backend, IOwnLists lists, ILogger<ListActivation> log) : PendingWork(backend, log, backend.ListsChanged)
{
    protected override async Task DoAll(CancellationToken cancel)
    {
        foreach (var sets in ListSets.All)
        {
            foreach (var (document, list) in await Waiting(sets.Kind, list => list.Status is ListStatus.Activating or ListStatus.Deactivating or ListStatus.DeletePending, cancel))
            {
                var done = await Do(sets.Use, document.Key, list, cancel);
                await Finish(sets.Kind, document, done with { UpdatedAt = Backend.Time.GetUtcNow() }, $"List{done.Status}", cancel);
            }
        }
    }

    private async Task<ListSet> Do(ListUse use, DocumentKey key, ListSet list, CancellationToken cancel)
    {
        try
        {
            if (list.Status == ListStatus.Activating)
            {
                await lists.Use(new(key.Account, key.Region, key.Id, use, list.Name, list.Format, list.Location, list.ExpectedBucketOwner), cancel);
                return list with { Status = ListStatus.Active, Error = null };
            }
            await lists.Drop(key.Account, key.Region, key.Id, cancel);
            return list with { Status = list.Status == ListStatus.Deactivating ? ListStatus.Inactive : ListStatus.Deleted };
        }
        catch (IOException unusable)
        {
            return list with { Status = ListStatus.Error, Error = unusable.Message };
        }
    }
}
