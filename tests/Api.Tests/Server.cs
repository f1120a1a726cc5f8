using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yagura.Api.Signing;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.Tests;

/// <summary>The API on a free port of the loopback address.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string Account = "111122223333";

    private readonly WebApplication _app;

    private Server(WebApplication app, AccessKeys keys, MemoryDocuments documents)
    {
        (_app, Keys, Documents) = (app, keys, documents);
        Endpoint = new(app.Urls.Single());
    }

    public Uri Endpoint { get; }

    public AccessKeys Keys { get; }

    public MemoryDocuments Documents { get; }

    public static Task<Server> Start(TimeProvider? time = null, IFindingStore? findings = null, IUsage? usage = null)
    {
        var documents = new MemoryDocuments();
        return Start(new Backend(documents, findings!, documents, time ?? TimeProvider.System) { Usage = usage }, documents);
    }

    /// <summary>Over other documents than those in memory.</summary>
    public static Task<Server> Start(Backend backend) => Start(backend, new());

    private static async Task<Server> Start(Backend backend, MemoryDocuments documents)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(backend);
        builder.Services.AddSingleton(new AccessKeys(backend.Documents, new SecretBox(new byte[32]), backend.Time));
        builder.Services.AddApi();
        var app = builder.Build();
        app.UseApi();
        await app.StartAsync();
        return new(app, app.Services.GetRequiredService<AccessKeys>(), documents);
    }

    public Task<NewAccessKey> Key(Role role = Role.Admin, string account = Account, TimeSpan? lifetime = null) => Keys.Create(account, role.ToString().ToLowerInvariant(), role, lifetime);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
