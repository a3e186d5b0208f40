using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larder.Graphs.Hosting;

/// <summary>Adds to a cache of graphs what a host may want with it.</summary>
public sealed class GraphsBuilder
{
    internal GraphsBuilder(IServiceCollection services) => Services = services;

    /// <summary>Where the cache was added.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Loads graphs when the host has started, in the background, into free room (<see cref="GraphCache.WarmAsync"/>).</summary>
    /// <param name="requests">Makes the list, when the host starts.</param>
    public GraphsBuilder WarmUp(Func<IServiceProvider, IEnumerable<GraphRequest>> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        Services.AddSingleton<IHostedService>(services => new GraphWarmUp(services, requests));
        return this;
    }
}
