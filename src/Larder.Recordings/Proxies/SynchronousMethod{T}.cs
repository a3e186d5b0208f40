using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns its answer at once.</summary>
internal sealed class SynchronousMethod<T>(MethodInfo method, RecordedSignature signature)
    : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    ) => recordings.GetOrRecord(call, () => (T)live(cancellationToken)!, cancellationToken);
}
