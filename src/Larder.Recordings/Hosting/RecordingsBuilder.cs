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
    /// <remarks>
    /// In replay the service itself is never made, and what it needs need not be registered. Of a keyed service the key is part of
    /// the deployment's name, as <c>Name[key]</c>.
    /// </remarks>
    /// <typeparam name="T">The interface that it is registered as; all its registrations are meant, keyed ones too.</typeparam>
    /// <param name="deployment">
    /// What it is called and configured with; null for its class's full name and no configuration. A service that a function makes
    /// needs one, since nobody knows its class before.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The service is not registered, its class is not known and it has no name, or two registrations would have one.
    /// </exception>
    public RecordingsBuilder Record<T>(Deployment? deployment = null)
        where T : class => Record<T>(deployment is null ? null : _ => deployment);

    /// <summary>The same of a deployment whose configuration other services know.</summary>
    /// <typeparam name="T">The interface that the service is registered as.</typeparam>
    /// <param name="deployment">Tells it; asked when the service is first needed, also in replay.</param>
    public RecordingsBuilder Record<T>(Func<IServiceProvider, Deployment>? deployment)
        where T : class =>
        Replace<T>(
            service =>
                RecordingProxy.Create<T>(
                    service.Recordings,
                    service.Source,
                    service.Of(
                        deployment?.Invoke(service.Provider) ?? new Deployment(AnswerForms.NameOf(service.Class!))
                    ),
                    service.Class
                ),
            isNamed: deployment is not null
        );

    /// <summary>Puts in the place of a service that is registered already what records it; live, it stays as it is.</summary>
    /// <typeparam name="T">The interface that it is registered as.</typeparam>
    /// <param name="wrap">Makes what records it, which the container disposes too.</param>
    /// <param name="isNamed">Whether its deployment has a name other than that of its class.</param>
    internal RecordingsBuilder Replace<T>(Func<RegisteredService, T> wrap, bool isNamed)
        where T : class
    {
        if (Mode is RecordingMode.Live)
            return this;
        int[] places = [.. Enumerable.Range(0, Services.Count).Where(i => IsMeant<T>(Services[i]))];
        if (places.Length == 0)
            throw new InvalidOperationException($"{typeof(T)} is not registered: register it before it is recorded.");
        RefuseOneNameForTwo<T>([.. places.Select(place => Services[place])], isNamed);
        foreach (var place in places)
            Services[place] = Recorded(Services[place], wrap, isNamed);
        return this;
    }

    // What a recorded service has been moved to is the container's to ask for, by what records it.
    private static bool IsMeant<T>(ServiceDescriptor registered) =>
        registered.ServiceType == typeof(T) && registered.ServiceKey is not OwnKey;

    // Two services that answer differently would have one another's recordings.
    private static void RefuseOneNameForTwo<T>(ServiceDescriptor[] registered, bool isNamed)
    {
        if (registered.Any(service => service.ServiceKey == KeyedService.AnyKey))
            throw new InvalidOperationException(
                $"{typeof(T)} is registered for any key, and one name cannot tell which of them answered: register each key by itself, or record them one by one, Recordings.Wrap(service, new Deployment(\"…\"))."
            );
        // By what stands in the deployment's name: 1 and "1" are two keys.
        var twice = registered
            .GroupBy(service =>
                (
                    service.IsKeyedService,
                    Key: RegisteredService.TextOf(service.ServiceKey),
                    isNamed ? null : ClassOf(service)
                )
            )
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new InvalidOperationException(
                $"{typeof(T)} is registered {twice.Count()} times{(twice.Key is { IsKeyedService: true, Key: var key } ? $" with the key '{key}'" : "")}, and one name cannot tell which of them answered: register each with a key, or record them one by one, Recordings.Wrap(service, new Deployment(\"…\"))."
            );
    }

    private static Type? ClassOf(ServiceDescriptor registered) =>
        registered.IsKeyedService
            ? registered.KeyedImplementationType ?? registered.KeyedImplementationInstance?.GetType()
            : registered.ImplementationType ?? registered.ImplementationInstance?.GetType();

    private ServiceDescriptor Recorded<T>(ServiceDescriptor registered, Func<RegisteredService, T> wrap, bool isNamed)
        where T : class
    {
        var service = ClassOf(registered);
        if (service is null && !isNamed)
            throw new InvalidOperationException(
                $"{typeof(T)} is made by a function, so that nobody knows its class in replay: name the deployment, Record<{typeof(T).Name}>(new Deployment(\"…\"))."
            );

        // The container makes the service itself, in its own lifetime, and disposes it. In replay it is not even told of it:
        // a container that checks its registrations would ask for what the service needs.
        var own = new OwnKey();
        if (Mode is not RecordingMode.Replay)
            Services.Add(Own(registered, own));
        return new ServiceDescriptor(typeof(T), registered.ServiceKey, Make, registered.Lifetime);

        object Make(IServiceProvider provider, object? key) =>
            wrap(
                new RegisteredService(
                    provider,
                    new ServiceSource(() => provider.GetRequiredKeyedService<T>(own), isOwned: false),
                    service,
                    registered.ServiceKey
                )
            );
    }

    // Of its kind, so that it is known for no key of the user's.
    private sealed class OwnKey;

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
