using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Larder.Recordings.Requests;

/// <summary>What no answer depends on.</summary>
internal static class LeftOut
{
    // Asked of every argument of every call. Weak, so that a plug-in's types can be unloaded.
    private static readonly ConditionalWeakTable<Type, object> Known = [];

    /// <summary>Whether values of the type are left out by themselves: tokens of cancellation, progress, loggers.</summary>
    public static bool Is(Type type) => (bool)Known.GetValue(type, static type => Decide(type));

    private static object Decide(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(CancellationToken)
            || typeof(ILogger).IsAssignableFrom(plain)
            || typeof(ILoggerFactory).IsAssignableFrom(plain)
            || IsProgress(plain)
            || plain.GetInterfaces().Any(IsProgress);
    }

    private static bool IsProgress(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>);
}
