using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Server.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Hosting;

/// <summary>The caches as services, each unless there is one already.</summary>
/// <remarks>Made by the container, so that it disposes them: in the opposite order, graphs before the files that they use.</remarks>
internal static class CacheServices
{
    public static IServiceCollection AddCaches(this IServiceCollection services)
    {
        services.TryAddSingleton(OpenTeamCache);
        services.TryAddSingleton(OpenFiles);
        services.TryAddSingleton(OpenGraphs);
        services.TryAddSingleton(provider => provider.GetRequiredService<LarderConfiguration>().Onnx);
        services.TryAddSingleton<OnnxModels>();
        return services;
    }

    // Without a team there is none, and GetService says so.
    private static TeamCache OpenTeamCache(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<LarderConfiguration>();
        return configuration.Shared is { } team
            ? TeamCache.Open(
                team,
                configuration,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>()
            )
            : null!;
    }

    private static ModelCache OpenFiles(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<LarderConfiguration>();
        configuration.Store.Shared = provider.GetService<TeamCache>()?.Cache;
        return new ModelCache(
            configuration.Store,
            // Those of the application come first: of two for one scheme the first counts.
            [.. provider.GetServices<IOrigin>(), .. configuration.Origins],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()
        );
    }

    private static GraphCache OpenGraphs(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<LarderConfiguration>();
        _ = provider.GetRequiredService<ModelCache>();
        // Only what goes on for long has a next run that it warms up for.
        configuration.Graphs.HistoryFile ??= Path.Combine(configuration.Store.StorePath, "graphs.json");
        return new GraphCache(
            configuration.Graphs,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GraphCache>>()
        );
    }
}
