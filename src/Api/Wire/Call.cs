using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Yagura.Api.Signing;
using Yagura.Core.Ports;

namespace Yagura.Api.Wire;

/// <summary>One request that was understood: who asks for what, and what is to be changed if it goes well.</summary>
internal sealed class Call(Backend backend, Operation operation, Caller caller, IReadOnlyDictionary<string, string> parameters, RequestHead head, JsonElement body)
{
    private readonly List<DocumentChange> _changes = [];
    private readonly HashSet<Signal> _signals = [];

    public Backend Backend { get; } = backend;

    public Operation Operation { get; } = operation;

    /// <summary>The account that the caller speaks for.</summary>
    public string Account { get; } = caller.Key.Account;

    public string Region { get; } = caller.Region;

    public AccessKey Key { get; } = caller.Key;

    public DateTimeOffset Now { get; } = backend.Time.GetUtcNow();

    public Fields Body { get; } = Fields.Of(body);

    /// <summary>What is to be written once the operation has ended well: all of it or nothing.</summary>
    public IReadOnlyList<DocumentChange> Changes => _changes;

    /// <summary>A parameter of the path.</summary>
    public string Path(string name) => parameters[name];

    /// <summary>A parameter of the query; null where it is absent.</summary>
    public string? Query(string name) => head.Parameter(name);

    /// <summary>All values of a parameter of the query.</summary>
    public IReadOnlyList<string> Queries(string name) => [.. head.Parameters.Where(pair => pair.Key == name).Select(pair => pair.Value)];

    public int? QueryNumber(string name, int least, int most) => Query(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw Refuse.Invalid(name, $"a whole number from {least} to {most} is expected");

    /// <summary>A document of the caller's account and region, or of another.</summary>
    public async Task<T?> Get<T>(DocumentKind<T> kind, string id, CancellationToken cancel, string? account = null, string? region = null)
        where T : class =>
        await Backend.Documents.Get(new(kind.Name, account ?? Account, region ?? Region, id), cancel) is { } document ? kind.Read(document) : null;

    /// <summary>All documents of a kind of the caller's account and region, or of another account, by id.</summary>
    public async Task<IReadOnlyList<(string Id, T Value)>> List<T>(DocumentKind<T> kind, CancellationToken cancel, string? account = null, string? region = null)
        where T : class =>
        [.. (await Backend.Documents.List(new(kind.Name, account ?? Account, region ?? Region), cancel)).Select(document => (document.Key.Id, kind.Read(document)))];

    public void Put<T>(DocumentKind<T> kind, string id, T value, string? account = null, string? region = null)
        where T : class => _changes.Add(new(new(kind.Name, account ?? Account, region ?? Region, id), kind.Write(value)));

    public void Put(DocumentChange change) => _changes.Add(change);

    public void Delete<T>(DocumentKind<T> kind, string id, string? account = null, string? region = null)
        where T : class => _changes.Add(new(new(kind.Name, account ?? Account, region ?? Region, id), null));

    /// <summary>Sets a signal once what the call changes is written.</summary>
    public void AfterCommit(Signal signal) => _signals.Add(signal);

    /// <summary>To be called once the changes are written.</summary>
    public void Committed()
    {
        foreach (var signal in _signals) signal.Set();
    }

    /// <summary>An identity for something new: 32 lower-case hex digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
