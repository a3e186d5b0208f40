using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Larder.Recordings.Hosting;

/// <summary>Recordings of registered services.</summary>
public static class RecordingServices
{
    /// <summary>Adds recordings, which the container disposes.</summary>
    /// <param name="services">Where the services are registered whose calls are recorded.</param>
    /// <param name="options">Where the recordings lie. The mode is settled here: live, no service is touched.</param>
    /// <exception cref="RecordingException">An option or a variable of the environment is wrong.</exception>
    public static RecordingsBuilder AddRecordings(this IServiceCollection services, RecordingsOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var mode = options.ResolveMode();
        services.TryAddSingleton(provider => new Recordings(
            options,
            provider.GetService<ILogger<Recordings>>(),
            provider.GetService<TimeProvider>()
        ));
        return new RecordingsBuilder(services, mode);
    }

    /// <summary>Adds recordings that somebody else disposes, such as the fixture of many tests.</summary>
    public static RecordingsBuilder AddRecordings(this IServiceCollection services, Recordings recordings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(recordings);
        services.TryAddSingleton(recordings);
        return new RecordingsBuilder(services, recordings.Mode);
    }
}
