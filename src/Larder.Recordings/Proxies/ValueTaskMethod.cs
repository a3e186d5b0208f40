using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns a <see cref="ValueTask"/>.</summary>
internal sealed class ValueTaskMethod(MethodInfo method, RecordedSignature signature)
    : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    ) =>
        new ValueTask(
            recordings.GetOrRecordAsync(call, token => ((ValueTask)live(token)!).AsTask(), cancellationToken)
        );
}
