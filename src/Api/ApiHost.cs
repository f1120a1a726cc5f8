using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yagura.Api.GuardDuty;
using Yagura.Api.Own;
using Yagura.Api.Signing;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api;

/// <summary>Puts the API into a web application.</summary>
public static class ApiHost
{
    /// <summary>Adds what answers requests; <see cref="Backend"/> and <see cref="AccessKeys"/> must be there as well.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton(made => new RequestVerifier(made.GetRequiredService<AccessKeys>(), made.GetRequiredService<Backend>().Time))
        .AddSingleton(made => new Dispatcher(
            made.GetRequiredService<Backend>(), made.GetRequiredService<RequestVerifier>(), new Router([.. GuardDutyOperations.All, .. YagurasOperations.All]), made.GetRequiredService<ILogger<Dispatcher>>()));

    /// <summary>Adds what does the work that answers only promise; <see cref="IOwnLists"/>, <see cref="IPublications"/> and <see cref="IExportBuckets"/> must be there as well.</summary>
    public static IServiceCollection AddApiWorkers(this IServiceCollection services) => services
        .AddHostedService(made => new ListActivation(made.GetRequiredService<Backend>(), made.GetRequiredService<IOwnLists>(), made.GetRequiredService<ILogger<ListActivation>>()))
        .AddHostedService(made => new DestinationCheck(made.GetRequiredService<Backend>(), made.GetRequiredService<IExportBuckets>(), made.GetRequiredService<ILogger<DestinationCheck>>()))
        .AddHostedService(made => new Publisher(made.GetRequiredService<Backend>(), made.GetRequiredService<IPublications>(), made.GetRequiredService<ILogger<Publisher>>()))
        .AddHostedService(made => new FindingExport(made.GetRequiredService<Backend>(), made.GetRequiredService<IPublications>(), made.GetRequiredService<IExportBuckets>(), made.GetRequiredService<ILogger<FindingExport>>()));

    /// <summary>Answers every request that nothing before it answered: the API takes all paths, as the real one does.</summary>
    public static void UseApi(this IApplicationBuilder app)
    {
        var dispatcher = app.ApplicationServices.GetRequiredService<Dispatcher>();
        app.Run(dispatcher.Handle);
    }
}
