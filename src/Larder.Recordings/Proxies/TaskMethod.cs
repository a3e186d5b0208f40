using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns a <see cref="Task"/>.</summary>
internal sealed class TaskMethod(MethodInfo method, RecordedSignature signature) : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    ) => recordings.GetOrRecordAsync(call, token => (Task)live(token)!, cancellationToken);
}
