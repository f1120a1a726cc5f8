using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Core;

namespace Yagura.Api.GuardDuty;

/// <summary>Tags of everything that has an ARN.</summary>
internal static class TagOperations
{
    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel) => Tags.Write(json, (await Of(call, cancel)).Tags);

    public static async Task Add(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var tagged = await Of(call, cancel);
        var tags = new Dictionary<string, string>(tagged.Tags, StringComparer.Ordinal);
        if (!call.Body.Has("tags")) throw Refuse.Missing("tags");
        foreach (var (key, value) in Tags.Read(call.Body)) tags[key] = value;
        tagged.Put(tags.Count <= Tags.Most ? tags : throw call.Body.Invalid("tags", $"a resource has at most {Tags.Most}"));
    }

    public static async Task Remove(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var tagged = await Of(call, cancel);
        var keys = call.Queries("tagKeys");
        if (keys.Count is < 1 or > 200 || !keys.All(Tags.IsKey)) throw Refuse.Invalid("tagKeys", "1 to 200 keys are expected");
        tagged.Put(tagged.Tags.Where(tag => !keys.Contains(tag.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal));
    }

    private static async Task<Tagged> Of(Call call, CancellationToken cancel)
    {
        var prefix = $"arn:{Partitions.Of(call.Region)}:guardduty:{call.Region}:{call.Account}:";
        var arn = call.Path("ResourceArn");
        if (!arn.StartsWith(prefix, StringComparison.Ordinal)) throw Refuse.Invalid("resourceArn", $"an ARN that starts with {prefix} is expected");
        return arn[prefix.Length..].Split('/') switch
        {
            ["detector", var id] => await Find(call, Kinds.Detector, id, one => one.Tags, (one, tags) => one with { Tags = tags }, cancel),
            ["detector", _, "filter", var id] => await Find(call, Kinds.Filter, id, one => one.Tags, (one, tags) => one with { Tags = tags }, cancel),
            ["detector", _, "publishingDestination", var id] => await Find(call, Kinds.Destination, id, one => one.Tags, (one, tags) => one with { Tags = tags }, cancel),
            ["detector", _, var list, var id] when ListSets.All.FirstOrDefault(sets => sets.ArnName == list) is { } sets =>
                await Find(call, sets.Kind, id, one => one.Tags, (one, tags) => one with { Tags = tags }, cancel),
            ["malware-protection-plan", var id] => await Find(call, Kinds.MalwarePlan, id, one => one.Tags, (one, tags) => one with { Tags = tags }, cancel),
            _ => null,
        } ?? throw Refuse.NoSuchResource();
    }

    private static async Task<Tagged?> Find<T>(
        Call call, DocumentKind<T> kind, string id, Func<T, IReadOnlyDictionary<string, string>> tags, Func<T, IReadOnlyDictionary<string, string>, T> with, CancellationToken cancel)
        where T : class =>
        await call.Get(kind, id, cancel) is { } found ? new(tags(found), changed => call.Put(kind, id, with(found, changed))) : null;

    /// <summary>A resource, as far as its tags go.</summary>
    private sealed record Tagged(IReadOnlyDictionary<string, string> Tags, Action<IReadOnlyDictionary<string, string>> Put);
}
