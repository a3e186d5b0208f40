using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Models;

internal static partial class Log
{
    [LoggerMessage(
        450,
        LogLevel.Information,
        "Version {Version} of {Model} is loaded and answers in place of {Before}"
    )]
    public static partial void VersionSwitched(this ILogger logger, string model, Digest version, Digest before);

    [LoggerMessage(
        451,
        LogLevel.Error,
        "Version {Version} of {Model} could not be loaded; version {Before} goes on answering. Put a version that loads at its origin"
    )]
    public static partial void VersionRefused(
        this ILogger logger,
        string model,
        Digest version,
        Digest before,
        Exception failure
    );

    [LoggerMessage(
        452,
        LogLevel.Warning,
        "There is no room for two versions of {Model}: {Before} is unloaded when its last request is answered, and requests wait for {Version}"
    )]
    public static partial void NoRoomForBoth(this ILogger logger, string model, Digest before, Digest version);

    [LoggerMessage(457, LogLevel.Warning, "Version {Version} of {Model} is loaded when there is room for it: {Reason}")]
    public static partial void NoRoomYet(this ILogger logger, string model, Digest version, string reason);

    [LoggerMessage(453, LogLevel.Warning, "The origin of {Model} could not be asked for a newer version: {Reason}")]
    public static partial void OriginNotAsked(this ILogger logger, string model, string reason);

    [LoggerMessage(454, LogLevel.Information, "The origin of {Model} answers again")]
    public static partial void OriginAnswersAgain(this ILogger logger, string model);

    [LoggerMessage(455, LogLevel.Error, "Looking for a newer version of {Model} failed")]
    public static partial void RenewalFailed(this ILogger logger, string model, Exception failure);

    [LoggerMessage(456, LogLevel.Information, "{Model} is served no longer, and is unloaded")]
    public static partial void ModelRemoved(this ILogger logger, string model);
}
