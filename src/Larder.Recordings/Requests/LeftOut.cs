using Microsoft.Extensions.Logging;

namespace Larder.Recordings.Requests;

/// <summary>What no answer depends on.</summary>
internal static class LeftOut
{
    /// <summary>Whether values of the type are left out by themselves: tokens of cancellation, progress, loggers.</summary>
    public static bool Is(Type type)
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
