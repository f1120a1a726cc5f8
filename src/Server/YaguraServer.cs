using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Api;
using Yagura.Api.Signing;
using Yagura.Api.Suppressions;
using Yagura.Api.Wire;
using Yagura.Aws;
using Yagura.Aws.Connections;
using Yagura.Core.Ports;
using Yagura.Engine.Health;
using Yagura.Engine.Live;
using Yagura.Intel;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Documents;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Ledger;
using Yagura.Storage.Embedded.Publications;
using Yagura.Storage.Embedded.Quarantine;
using Yagura.Storage.Embedded.Suppressions;

namespace Yagura.Server;

/// <summary>Collection, engine and API as one process over one data directory.</summary>
public sealed class YaguraServer : IAsyncDisposable
{
    private readonly Database _database;
    private readonly List<IDisposable> _parts = [];
    private WebApplication? _app;
    private Detection? _detection;

    private YaguraServer(Database database) => _database = database;

    /// <summary>Where it listens, once it has started.</summary>
    public IReadOnlyCollection<string> Urls => [.. _app!.Urls];

    /// <summary>Why it stopped by itself; null where it did not.</summary>
    public string? Failure => _detection?.Failure;

    /// <summary>Opens the data directory and everything in it, and starts.</summary>
    /// <exception cref="StorageException">The data directory cannot be used, or another server uses it.</exception>
    /// <exception cref="Engine.State.StateException">The engine's state in it cannot be used.</exception>
    /// <exception cref="FormatException">The addresses cannot be used as they are; the message is for people.</exception>
    /// <exception cref="IOException">An address is taken, or a file cannot be read.</exception>
    public static async Task<YaguraServer> Start(ServerOptions options, TimeProvider time, Action<ILoggingBuilder> logging, CancellationToken cancel = default)
    {
        var endpoints = Listening.Check(options);
        var server = new YaguraServer(Database.Open(options.Data));
        try
        {
            await server.Build(options, endpoints, time, logging, cancel);
            await server._app!.StartAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the server was told to stop, or has stopped by itself.</summary>
    public Task Wait(CancellationToken cancel) => _app!.WaitForShutdownAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        for (var part = _parts.Count - 1; part >= 0; part--) _parts[part].Dispose();
        await _database.DisposeAsync();
    }

    private async Task Build(ServerOptions options, IReadOnlyList<Listening> endpoints, TimeProvider time, Action<ILoggingBuilder> logging, CancellationToken cancel)
    {
        var findings = Own(await FindingStore.Open(_database, cancel));
        var documents = new DocumentStore(_database);
        var ledger = new ObjectLedger(_database);
        var quarantine = new QuarantineStore(_database, time);
        var suppressor = new Suppressor(documents, time);
        var hits = new SuppressionHits(_database);
        var audit = new AuditLog(_database);
        var health = new HealthFindings(options.Account, options.Scan.Configuration, time);
        var files = Own(new ListFiles(new ListBuckets(AwsAccess.Own), options.ListFolder, options.AllowPrivateLists));
        OwnLists? lists = null;
        LiveEngine? engine = null;
        lists = Own(OwnLists.Open(Path.Combine(options.Data, "lists"), files, () => engine!.Knowledge = WithOwn(options, lists!)));
        engine = Own(LiveEngine.Open(
            options.Scan with { StateFolder = options.StateFolder, Knowledge = WithOwn(options, lists) }, new(findings, ledger, quarantine) { Suppression = suppressor }, time));
        IReadOnlyList<ILogSource> sources = [.. options.Sources.Select(source => source.Open(ledger, quarantine, options.ListEvery, time))];

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, endpoints, options));
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25)); // a supervisor kills after 30 or more
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IFindingStore>(findings);
        builder.Services.AddSingleton<ILedger>(ledger);
        builder.Services.AddSingleton<IQuarantine>(quarantine);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(sources);
        builder.Services.AddSingleton(new Backend(documents, findings, audit, time) { Usage = new ObjectUsage(_database), Hits = hits });
        builder.Services.AddSingleton(new AccessKeys(documents, SecretBox.Open(SecretFile(options.Data)), time));
        builder.Services.AddSingleton<IOwnLists>(lists);
        builder.Services.AddSingleton<IPublications>(new PublicationStore(_database));
        builder.Services.AddSingleton<IExportBuckets>(new ExportBuckets(AwsAccess.Own));
        builder.Services.AddSingleton(new HealthWatch(ledger, sources, health, time.GetUtcNow(), time));
        builder.Services.AddSingleton(health);
        builder.Services.AddSingleton<ISuppression>(suppressor);
        builder.Services.AddSingleton(new SuppressionReport(new(documents, time), hits, time));
        builder.Services.AddSingleton(new WatchChanges(audit, options.FindingRetention is { } retention ? time.GetUtcNow() - retention : DateTimeOffset.MinValue, options.Scan.Configuration));
        builder.Services.AddApi().AddApiWorkers();
        builder.Services.AddSingleton<Detection>();
        builder.Services.AddHostedService(made => made.GetRequiredService<Detection>());
        builder.Services.AddHostedService<HealthService>();
        builder.Services.AddHostedService<SuppressionService>();
        builder.Services.AddHostedService<RetentionService>();
        _app = builder.Build();
        _detection = _app.Services.GetRequiredService<Detection>();
        _app.Map("/healthz", health => health.Run(context => context.Response.WriteAsync("ok\n")));
        _app.UseApi();
    }

    /// <summary>The file of the key that seals secrets in a data directory.</summary>
    public static string SecretFile(string data) => Path.Combine(data, "secret.key");

    private T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    // Lists of any account count for all: whoever may make them is an administrator of one of them, and each change is in the audit log.
    private static Detectors.Knowledge WithOwn(ServerOptions options, OwnLists lists) =>
        options.Scan.Knowledge with { Intel = options.Scan.Knowledge.Intel.With([.. lists.Used.Select(used => used.Content)]) };
}
