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
    /// <exception cref="InvalidOperationException">Other recordings are added already.</exception>
    public static RecordingsBuilder AddRecordings(this IServiceCollection services, RecordingsOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var mode = options.ResolveMode();
        RefuseOthers(services, options);
        services.TryAddSingleton(provider => new Recordings(
            options,
            provider.GetService<ILogger<Recordings>>(),
            provider.GetService<TimeProvider>()
        ));
        return new RecordingsBuilder(services, mode);
    }

    /// <summary>Adds recordings that somebody else disposes, such as the fixture of many tests.</summary>
    /// <exception cref="InvalidOperationException">Other recordings are added already.</exception>
    public static RecordingsBuilder AddRecordings(this IServiceCollection services, Recordings recordings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(recordings);
        RefuseOthers(services, recordings);
        services.TryAddSingleton(recordings);
        return new RecordingsBuilder(services, recordings.Mode);
    }

    // Else the first would be used for the second's services: in its directory, and with its rules of what is a secret.
    private static void RefuseOthers(IServiceCollection services, object given)
    {
        var plain = services.Where(service => !service.IsKeyedService);
        if (plain.Any(service => service.ImplementationInstance is AddedRecordings added && added.Given == given))
            return;
        if (plain.Any(service => service.ServiceType == typeof(Recordings) && service.ImplementationInstance != given))
            throw new InvalidOperationException(
                "Other recordings are added to these services already, and a container has one: go on with the builder that AddRecordings gave, or wrap a service by hand, Recordings.Wrap(service)."
            );
        services.AddSingleton(new AddedRecordings(given));
    }
}
