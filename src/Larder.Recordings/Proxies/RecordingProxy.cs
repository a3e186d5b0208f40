using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>Stands in for a service: its marked methods are recorded or replayed, the others passed on.</summary>
/// <remarks>Not sealed, since the platform derives the class that has the interface.</remarks>
internal class RecordingProxy : DispatchProxy, IDisposable, IAsyncDisposable
{
    private Recordings? _recordings;
    private ServiceSource? _source;
    private ServicePlan? _plan;
    private Deployment? _deployment;

    /// <summary>Makes one.</summary>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="recordings">The recordings.</param>
    /// <param name="source">The service behind it.</param>
    /// <param name="deployment">What its requests name.</param>
    /// <param name="service">The service's class, whose methods may be marked as well; null when nobody knows it.</param>
    public static T Create<T>(Recordings recordings, ServiceSource source, Deployment deployment, Type? service)
        where T : class
    {
        var plan = recordings.Desk.PlanOf(typeof(T), service);
        var proxy = Create<T, RecordingProxy>();
        var own = (RecordingProxy)(object)proxy;
        own._recordings = recordings;
        own._source = source;
        own._plan = plan;
        own._deployment = deployment;
        return proxy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _source?.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _source?.DisposeAsync() ?? default;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.DeclaringType == typeof(IDisposable))
        {
            Dispose();
            return null;
        }
        if (targetMethod.DeclaringType == typeof(IAsyncDisposable))
            return DisposeAsync();
        return _plan!.For(targetMethod).Invoke(_recordings!, _source!, _deployment!, args ?? []);
    }
}
