using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns a stream.</summary>
internal sealed class StreamMethod<T>(MethodInfo method, RecordedSignature signature)
    : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    ) => recordings.StreamAsync(call, token => (IAsyncEnumerable<T>)live(token)!, cancellationToken);
}
