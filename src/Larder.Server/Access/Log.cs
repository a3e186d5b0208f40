using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

internal static partial class Log
{
    [LoggerMessage(420, LogLevel.Information, "Callers need one of {Count} access tokens")]
    public static partial void TokensNeeded(this ILogger logger, int count);

    [LoggerMessage(
        421,
        LogLevel.Warning,
        "{Address} is reached from other machines in clear text, tokens included: serve https (server.certificate), or let only a proxy that encrypts reach it"
    )]
    public static partial void TokensInClearText(this ILogger logger, string address);

    [LoggerMessage(422, LogLevel.Error, "The route {Route} says nothing of its callers and was refused")]
    public static partial void RouteWithoutScope(this ILogger logger, string route);

    [LoggerMessage(423, LogLevel.Information, "Audit: {Who} at {Address}: {What} ({Target}) {Outcome} {Status}")]
    public static partial void Audited(
        this ILogger logger,
        string who,
        string address,
        string what,
        string target,
        string outcome,
        int status
    );

    [LoggerMessage(424, LogLevel.Error, "The audit log {Path} could not be written; the action went on: {Reason}")]
    public static partial void NotAudited(this ILogger logger, string path, string reason);

    [LoggerMessage(425, LogLevel.Information, "Read the certificate {Path} again, valid until {Until:u}")]
    public static partial void CertificateRead(this ILogger logger, string path, DateTime until);

    [LoggerMessage(
        426,
        LogLevel.Error,
        "The changed certificate {Path} cannot be used, the one before stays: {Reason}"
    )]
    public static partial void CertificateKept(this ILogger logger, string path, string reason);

    [LoggerMessage(427, LogLevel.Warning, "The certificate {Path} is valid from {From:u} until {Until:u}, and not now")]
    public static partial void CertificateNotValid(this ILogger logger, string path, DateTime from, DateTime until);

    [LoggerMessage(428, LogLevel.Information, "Stops listening in {Delay}; it is no longer ready")]
    public static partial void StopsSoon(this ILogger logger, TimeSpan delay);

    [LoggerMessage(
        429,
        LogLevel.Warning,
        "The first token, or the last, was added or taken away; where the server listens hangs on that, so it needs a restart"
    )]
    public static partial void TokensNeedRestart(this ILogger logger);

    [LoggerMessage(
        430,
        LogLevel.Error,
        "The audit log {Path} is full and could not be moved away, so it grows on: {Reason}"
    )]
    public static partial void AuditNotRotated(this ILogger logger, string path, string reason);
}
