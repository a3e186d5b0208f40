using Larder.Recordings.Answers;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Recordings.Hosting;

/// <summary>Says which registered services are recorded.</summary>
public sealed class RecordingsBuilder
{
    internal RecordingsBuilder(IServiceCollection services, RecordingMode mode) => (Services, Mode) = (services, mode);

    /// <summary>Where the services are registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>What becomes of calls.</summary>
    public RecordingMode Mode { get; }

    /// <summary>Records or replays the marked methods of a service that is registered already; live, it stays as it is.</summary>
    /// <remarks>In replay the service itself is never made, and what it needs need not be registered.</remarks>
    /// <typeparam name="T">The interface that it is registered as; all its registrations are meant, keyed ones too.</typeparam>
    /// <param name="deployment">
    /// What it is called and configured with; null for its class's full name and no configuration. A service that a function makes
    /// needs one, since nobody knows its class before.
    /// </param>
    /// <exception cref="InvalidOperationException">The service is not registered, or its class is not known and it has no name.</exception>
    public RecordingsBuilder Record<T>(Deployment? deployment = null)
        where T : class => Record<T>(deployment is null ? null : _ => deployment);

    /// <summary>The same of a deployment whose configuration other services know.</summary>
    /// <typeparam name="T">The interface that the service is registered as.</typeparam>
    /// <param name="deployment">Tells it; asked when the service is first needed, also in replay.</param>
    public RecordingsBuilder Record<T>(Func<IServiceProvider, Deployment>? deployment)
        where T : class =>
        Replace<T>(
            (provider, make, service) =>
                RecordingProxy.Create<T>(
                    provider.GetRequiredService<Recordings>(),
                    new ServiceSource(make, isOwned: false),
                    deployment?.Invoke(provider) ?? new Deployment(AnswerForms.NameOf(service!)),
                    service
                ),
            isClassNeeded: deployment is null
        );

    /// <summary>Puts in the place of a service that is registered already what records it; live, it stays as it is.</summary>
    /// <typeparam name="T">The interface that it is registered as.</typeparam>
    /// <param name="wrap">
    /// Makes what records it, of the container, of what makes the service itself, and of its class where that is known. The
    /// container disposes both.
    /// </param>
    /// <param name="isClassNeeded">Whether the class has to be known.</param>
    internal RecordingsBuilder Replace<T>(Func<IServiceProvider, Func<T>, Type?, T> wrap, bool isClassNeeded)
        where T : class
    {
        if (Mode is RecordingMode.Live)
            return this;
        int[] places = [.. Enumerable.Range(0, Services.Count).Where(i => Services[i].ServiceType == typeof(T))];
        if (places.Length == 0)
            throw new InvalidOperationException($"{typeof(T)} is not registered: register it before it is recorded.");
        foreach (var place in places)
            Services[place] = Recorded(Services[place], wrap, isClassNeeded);
        return this;
    }

    private ServiceDescriptor Recorded<T>(
        ServiceDescriptor registered,
        Func<IServiceProvider, Func<T>, Type?, T> wrap,
        bool isClassNeeded
    )
        where T : class
    {
        var service = registered.IsKeyedService
            ? registered.KeyedImplementationType ?? registered.KeyedImplementationInstance?.GetType()
            : registered.ImplementationType ?? registered.ImplementationInstance?.GetType();
        if (service is null && isClassNeeded)
            throw new InvalidOperationException(
                $"{typeof(T)} is made by a function, so that nobody knows its class in replay: name the deployment, Record<{typeof(T).Name}>(new Deployment(\"…\"))."
            );

        // The container makes the service itself, in its own lifetime, and disposes it. In replay it is not even told of it:
        // a container that checks its registrations would ask for what the service needs.
        var own = new object();
        if (Mode is not RecordingMode.Replay)
            Services.Add(Own(registered, own));
        return new ServiceDescriptor(
            typeof(T),
            registered.ServiceKey,
            (provider, _) => wrap(provider, () => provider.GetRequiredKeyedService<T>(own), service),
            registered.Lifetime
        );
    }

    private static ServiceDescriptor Own(ServiceDescriptor registered, object key) =>
        registered switch
        {
            { IsKeyedService: true, KeyedImplementationType: { } type } => new(
                registered.ServiceType,
                key,
                type,
                registered.Lifetime
            ),
            { IsKeyedService: true, KeyedImplementationFactory: { } make } => new(
                registered.ServiceType,
                key,
                (provider, _) => make(provider, registered.ServiceKey),
                registered.Lifetime
            ),
            { IsKeyedService: true } => new(registered.ServiceType, key, registered.KeyedImplementationInstance!),
            { ImplementationType: { } type } => new(registered.ServiceType, key, type, registered.Lifetime),
            { ImplementationFactory: { } make } => new(
                registered.ServiceType,
                key,
                (provider, _) => make(provider),
                registered.Lifetime
            ),
            _ => new(registered.ServiceType, key, registered.ImplementationInstance!),
        };
}
