using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>What becomes of the calls of one method of a proxy.</summary>
/// <param name="method">The interface's method, closed when it is generic.</param>
internal abstract class MethodPlan(MethodInfo method)
{
    private readonly MethodInvoker _invoker = MethodInvoker.Create(method);

    protected MethodInfo Method { get; } = method;

    /// <summary>Answers a call.</summary>
    public abstract object? Invoke(
        Recordings recordings,
        ServiceSource source,
        Deployment deployment,
        object?[] arguments
    );

    /// <summary>Makes the call; what it throws comes as it was thrown.</summary>
    protected object? Live(ServiceSource source, object?[] arguments) =>
        _invoker.Invoke(source.Service, arguments.AsSpan());
}
