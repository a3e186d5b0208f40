using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method whose calls are recorded.</summary>
internal abstract class RecordedMethod(MethodInfo method, RecordedSignature signature) : MethodPlan(method)
{
    public sealed override object? Invoke(
        Recordings recordings,
        ServiceSource source,
        Deployment deployment,
        object?[] arguments
    )
    {
        // The proxy's caller has given these up; what can be read once only is replaced in them, for the service to read too.
        signature.MakeRereadable(arguments);
        return Answer(
            recordings,
            signature.CallOf(deployment, source, Method, arguments),
            token => Live(source, signature.WithToken(arguments, token)),
            signature.TokenOf(arguments)
        );
    }

    /// <summary>Answers a call.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="call">The call.</param>
    /// <param name="live">Makes it; what it gives is what the method returns.</param>
    /// <param name="cancellationToken">The token among the arguments.</param>
    protected abstract object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    );
}
