using System.Globalization;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Recordings.Hosting;

/// <summary>A registered service that is to be recorded, as a container asks for it.</summary>
/// <param name="Provider">The container, or a scope of it.</param>
/// <param name="Source">The service itself, which the container makes and disposes.</param>
/// <param name="Class">Its class; null when a function makes it.</param>
/// <param name="Key">The key that it is registered with; null for none.</param>
internal sealed record RegisteredService(IServiceProvider Provider, ServiceSource Source, Type? Class, object? Key)
{
    public Recordings Recordings => Provider.GetRequiredService<Recordings>();

    /// <summary>The deployment of this one among those with other keys.</summary>
    public Deployment Of(Deployment deployment) =>
        Key is null ? deployment : deployment with { Name = $"{deployment.Name}[{TextOf(Key)}]" };

    /// <summary>What a key is in the name of a deployment: the same in every culture.</summary>
    public static string? TextOf(object? key) => Convert.ToString(key, CultureInfo.InvariantCulture);
}
