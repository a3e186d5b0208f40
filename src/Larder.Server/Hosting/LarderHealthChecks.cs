using Larder.Graphs.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Server.Hosting;

/// <summary>The health checks of the caches.</summary>
public static class LarderHealthChecks
{
    /// <summary>The tag of all of them.</summary>
    public const string Tag = "larder";

    /// <summary>
    /// Adds <c>larder-store</c>, <c>larder-models</c>, <c>larder-graphs</c> and <c>larder-team</c>; once, however often it is called.
    /// </summary>
    /// <remarks>
    /// Unhealthy is only a store that cannot be written to, and an application whose models are not warm yet or that stops. What slows
    /// the caches without keeping them from answering is degraded: no room in memory or in the store, an origin or a team's store that
    /// does not answer. They say whether work should come here (readiness); none of them calls for a restart (liveness).
    /// </remarks>
    /// <param name="builder">The checks of the application, whose services <see cref="LarderHosting.AddLarder"/> has added the caches to.</param>
    public static IHealthChecksBuilder AddLarder(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // Of two checks with one name the framework makes an error.
        if (builder.Services.Any(service => service.ServiceType == typeof(Added)))
            return builder;
        builder.Services.AddSingleton<Added>();
        string[] tags = [Tag];
        return builder
            .AddCheck<StoreHealthCheck>("larder-store", HealthStatus.Unhealthy, tags)
            .AddCheck<ModelsHealthCheck>("larder-models", HealthStatus.Unhealthy, tags)
            .AddCheck<GraphHealthCheck>("larder-graphs", HealthStatus.Degraded, tags)
            .AddCheck<TeamHealthCheck>("larder-team", HealthStatus.Degraded, tags);
    }

    private sealed class Added;
}
