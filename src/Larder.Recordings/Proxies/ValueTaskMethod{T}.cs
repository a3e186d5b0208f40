using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns a <see cref="ValueTask{TResult}"/>.</summary>
internal sealed class ValueTaskMethod<T>(MethodInfo method, RecordedSignature signature)
    : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    ) =>
        new ValueTask<T>(
            recordings.GetOrRecordAsync(call, token => ((ValueTask<T>)live(token)!).AsTask(), cancellationToken)
        );
}
