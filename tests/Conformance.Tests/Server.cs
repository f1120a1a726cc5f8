using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yagura.Api;
using Yagura.Api.Signing;
using Yagura.Api.Tests;
using Yagura.Api.Wire;
using Yagura.Core.Ports;
using Yagura.Intel;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Documents;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Publications;

namespace Yagura.Conformance.Tests;

/// <summary>The API over the embedded store, on a free port of the loopback address, with a key for each of three accounts.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string Account = "111122223333";

    private static readonly string[] Accounts = [Account, "444455556666", "777788889999"];

    private readonly TemporaryFolder _folder = new();
    private readonly Database _database;
    private FindingStore? _findings;
    private WebApplication? _app;

    private Server() => _database = Database.Open(_folder.Path);

    public string Endpoint => _app!.Urls.Single();

    /// <summary>A list of addresses.</summary>
    public string List { get; private set; } = "";

    public IReadOnlyDictionary<string, NewAccessKey> Keys { get; private set; } = new Dictionary<string, NewAccessKey>(StringComparer.Ordinal);

    public IAuditLog Audit => new AuditLog(_database);

    /// <summary>A key that may only read.</summary>
    public Task<NewAccessKey> Viewer() => _app!.Services.GetRequiredService<AccessKeys>().Create(Account, "viewer", Role.Viewer);

    public static async Task<Server> Start()
    {
        var server = new Server();
        server._findings = await FindingStore.Open(server._database);
        var documents = new DocumentStore(server._database);
        var keys = new AccessKeys(documents, SecretBox.Open(Path.Combine(server._folder.Path, "secret.key")), TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Backend(documents, server._findings, new AuditLog(server._database), TimeProvider.System));
        builder.Services.AddSingleton(keys);
        builder.Services.AddSingleton<IOwnLists>(OwnLists.Open(Path.Combine(server._folder.Path, "lists"), new ListFiles(null, server._folder.Path)));
        builder.Services.AddSingleton<IPublications>(new PublicationStore(server._database));
        builder.Services.AddSingleton<IExportBuckets>(new FolderBuckets(Path.Combine(server._folder.Path, "buckets")));
        builder.Services.AddApi().AddApiWorkers();
        server._app = builder.Build();
        server._app.UseApi();
        await server._app.StartAsync();

        var made = new Dictionary<string, NewAccessKey>(StringComparer.Ordinal);
        foreach (var account in Accounts) made[account] = await keys.Create(account, "admin", Role.Admin);
        server.Keys = made;
        server.List = Path.Combine(server._folder.Path, "list.txt");
        await File.WriteAllTextAsync(server.List, "203.0.113.7\n198.51.100.0/24\n");
        return server;
    }

    /// <summary>What the scripts are told of the server.</summary>
    public Dictionary<string, string> Environment()
    {
        var keys = new JsonObject(Keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)new JsonArray(key.Value.Key.Id, key.Value.Secret))));
        return new(StringComparer.Ordinal)
        {
            ["ENDPOINT"] = Endpoint, ["KEYS"] = keys.ToJsonString(), ["LIST"] = new Uri(List).AbsoluteUri, ["DESTINATION"] = "arn:aws:s3:::findings",
            ["AWS_ACCESS_KEY_ID"] = Keys[Account].Key.Id, ["AWS_SECRET_ACCESS_KEY"] = Keys[Account].Secret, ["AWS_DEFAULT_REGION"] = "eu-west-1",
            ["AWS_PAGER"] = "", ["AWS_CONFIG_FILE"] = "/dev/null", ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null", ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _findings?.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Buckets that are folders.</summary>
    private sealed class FolderBuckets(string folder) : IExportBuckets
    {
        public async Task Write(string bucket, string key, ReadOnlyMemory<byte> bytes, string? kmsKeyArn, CancellationToken cancel = default)
        {
            var path = Path.Combine(folder, bucket, key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes, cancel);
        }
    }
}
