using System.Security.Cryptography;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Documents;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Suppressions;

namespace Yagura.Tests.Storage;

/// <summary>A data directory for the time of one test.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "yagura-storage-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));

    public string File => Path.Combine(Folder, Database.FileName);

    public string Beside(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>An open database with its stores.</summary>
internal sealed class Opened(Database database, FindingStore findings) : IAsyncDisposable
{
    public Database Database => database;

    public FindingStore Findings => findings;

    public DocumentStore Documents { get; } = new(database);

    public AuditLog Audit { get; } = new(database);

    public static async Task<Opened> Open(string folder, long? largest = null)
    {
        var database = Database.Open(folder, largest);
        try
        {
            return new(database, await FindingStore.Open(database));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        findings.Dispose();
        await database.DisposeAsync();
    }
}

public sealed class EmbeddedFindingStoreTests : FindingStoreContract, IAsyncDisposable
{
    private readonly List<(Scratch Scratch, Opened Store)> _opened = [];

    protected override async Task<IFindingStore> Empty()
    {
        var scratch = new Scratch();
        var store = await Opened.Open(scratch.Folder);
        _opened.Add((scratch, store));
        return store.Findings;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (scratch, store) in _opened)
        {
            await store.DisposeAsync();
            scratch.Dispose();
        }
    }
}

public sealed class EmbeddedSuppressionHitsTests : SuppressionHitsContract, IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private Opened? _store;

    protected override async Task<(IFindingStore Findings, ISuppressionHits Hits)> Empty()
    {
        _store = await Opened.Open(_scratch.Folder);
        return (_store.Findings, new SuppressionHits(_store.Database));
    }

    [Fact]
    public async Task The_file_is_read_beside_the_server()
    {
        var (findings, _) = await Empty();
        var (connection, dns) = (SampleFindings.Connection with { Id = new('a', 32) }, SampleFindings.Dns with { Id = new('b', 32) });
        await findings.Put([connection, dns, SampleFindings.ApiCall]);
        await using var beside = Database.Open(_scratch.Folder);
        var file = new FindingFile(beside);

        var criteria = """{"criterion":{"resource.resourceType":{"equals":["Instance"]}}}"""u8.ToArray();
        var found = new List<string>();
        await foreach (var finding in file.Matching(FindingScope.Everything, criteria)) found.Add(finding.Id);
        Assert.Equal([connection.Id, dns.Id], found.Order(StringComparer.Ordinal));
        Assert.Equal(1, (await file.CountByType(FindingScope.Everything))[dns.Type.Name]);
        Assert.Empty(await file.CountByType(FindingScope.Of("999999999999", "eu-west-1")));
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _scratch.Dispose();
    }
}

public sealed class EmbeddedDocumentStoreTests : DocumentStoreContract, IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private Opened? _store;

    protected override async Task<(IDocumentStore Documents, IAuditLog Audit)> Empty()
    {
        _store = await Opened.Open(_scratch.Folder);
        return (_store.Documents, _store.Audit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _scratch.Dispose();
    }
}
