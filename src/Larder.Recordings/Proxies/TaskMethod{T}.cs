using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns a <see cref="Task{TResult}"/>.</summary>
internal sealed class TaskMethod<T>(MethodInfo method, RecordedSignature signature) : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    ) => recordings.GetOrRecordAsync(call, token => (Task<T>)live(token)!, cancellationToken);
}
