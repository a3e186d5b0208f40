using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Larder.Graphs.Hosting;

/// <summary>The cache of graphs as a service.</summary>
public static class GraphServices
{
    /// <summary>Adds one <see cref="GraphCache"/>, which the container disposes.</summary>
    /// <remarks>
    /// Its options are <c>IOptions&lt;GraphCacheOptions&gt;</c>: bind them to a section of a configuration as others are. Faults of
    /// theirs are told, all together, when the host starts, or else when the cache is first asked for. Changed options are taken over
    /// while it runs; a change with faults is an <see cref="OptionsValidationException"/> to whoever reloads, and the earlier options
    /// stay. Dispose a container of one's own with <c>await using</c>: the cache is disposed asynchronously. The clock is a registered <see cref="TimeProvider"/>, else the system's. For its health, add
    /// <see cref="GraphHealthCheck"/>.
    /// </remarks>
    /// <param name="services">Where to add it.</param>
    /// <param name="configure">Sets options; null for the defaults, or for options that are configured elsewhere.</param>
    public static GraphsBuilder AddGraphs(this IServiceCollection services, Action<GraphCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<GraphCacheOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<GraphCacheOptions>, GraphOptionsValidation>()
        );
        services.TryAddSingleton<GraphCacheOwner>();
        services.TryAddSingleton(provider => provider.GetRequiredService<GraphCacheOwner>().Cache);
        return new GraphsBuilder(services);
    }
}
