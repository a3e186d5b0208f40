using System.Reflection;

namespace Larder.Recordings.Proxies;

/// <summary>A method that is not recorded.</summary>
/// <param name="method">The method.</param>
/// <param name="isNeededInReplay">Whether it does anything then.</param>
internal sealed class PassedMethod(MethodInfo method, bool isNeededInReplay) : MethodPlan(method)
{
    public override object? Invoke(
        Recordings recordings,
        ServiceSource source,
        Deployment deployment,
        object?[] arguments
    )
    {
        if (recordings.Mode is not RecordingMode.Replay)
            return Live(source, arguments);
        if (!isNeededInReplay)
            return Method.ReturnType == typeof(Task) ? Task.CompletedTask
                : Method.ReturnType == typeof(ValueTask) ? ValueTask.CompletedTask
                : null;
        throw new RecordingException(
            $"{Method.DeclaringType?.Name}.{Method.Name} is not recorded, and in replay the service itself is never made. Mark it [TestCache] to have its answers recorded, or [NotNeededInReplay] when it has nothing to do then."
        );
    }
}
