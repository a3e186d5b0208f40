using Microsoft.Extensions.Logging;

namespace Larder.Cli.Commands;

/// <summary>What <c>larder serve</c> says, where its log is for machines and a line of another kind would be in their way.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(490, LogLevel.Information, "Larder serves {Models} models at {Address} from the store '{Store}'.")]
    public static partial void Serving(this ILogger logger, int models, string address, string store);

    [LoggerMessage(491, LogLevel.Information, "Larder stops when it has answered what it was asked.")]
    public static partial void Stopping(this ILogger logger);
}
