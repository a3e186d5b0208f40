using System.Net;
using Larder.Server.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>Remembers what admins did and who could not sign in: in the log, and in the file <c>server.audit</c> where there is one.</summary>
/// <remarks>It never has a token, a body or a query string. Safe for concurrent use.</remarks>
internal sealed class AuditLog : IDisposable
{
    // Whoever tries tokens must not be able to fill the disk.
    private const int MostFailuresPerMinute = 30;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly AuditFile? _file;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<AuditLog> _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();

    // Under the lock.
    private long? _windowStart;
    private int _failures;
    private int _leftOut;

    /// <summary>Opens the log.</summary>
    /// <exception cref="ConfigurationException">The file cannot be written: an audit log that is asked for must not be missing.</exception>
    public AuditLog(LarderConfiguration configuration, TimeProvider timeProvider, ILogger<AuditLog> logger)
    {
        var server = configuration.Server;
        _file = server.AuditFile is { } path ? new AuditFile(path, server.AuditFileBytes, timeProvider) : null;
        _timeProvider = timeProvider;
        _logger = logger;
        try
        {
            _file?.Check();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                configuration.Source,
                [$"server.audit is '{_file?.Path}', which cannot be written: {failure.Message}"],
                failure
            );
        }
    }

    /// <summary>Remembers what a request did; to be called when its status is known.</summary>
    public Task RequestAsync(HttpContext context, string what, string outcome) =>
        WriteAsync(
            Entry(context, what, outcome) with
            {
                Target = context.Features.Get<AuditTarget>()?.Name ?? TargetOf(context.Request),
            }
        );

    /// <summary>Remembers that a token was none; of many such only some.</summary>
    /// <param name="context">The request that had it.</param>
    /// <param name="what">What it was for.</param>
    public Task WrongTokenAsync(HttpContext context, string what)
    {
        int leftOut;
        lock (_lock)
        {
            if (_windowStart is not { } start || _timeProvider.GetElapsedTime(start) >= Minute)
                (_windowStart, _failures) = (_timeProvider.GetTimestamp(), 0);
            if (++_failures > MostFailuresPerMinute)
            {
                _leftOut++;
                return Task.CompletedTask;
            }
            (leftOut, _leftOut) = (_leftOut, 0);
        }
        return WriteAsync(
            Entry(context, what, AuditOutcome.Refused) with
            {
                Status = StatusCodes.Status401Unauthorized,
                LeftOut = leftOut,
            }
        );
    }

    public void Dispose() => _turn.Dispose();

    private AuditEntry Entry(HttpContext context, string what, string outcome)
    {
        var caller = context.Caller();
        return new AuditEntry(
            _timeProvider.GetUtcNow(),
            what,
            outcome,
            outcome == AuditOutcome.Unanswered ? 0 : context.Response.StatusCode
        )
        {
            Who = caller?.Name,
            Kind = caller?.Kind.ToString().ToLowerInvariant(),
            Address = TextOf(context.Connection.RemoteIpAddress),
        };
    }

    // Where one socket takes both versions of IP, addresses of the older one come in a form that nobody searches for.
    private static string? TextOf(IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    // The id of a model, and no other part of what callers write.
    private static string? TargetOf(HttpRequest request)
    {
        var id = request.RouteValues["id"] as string ?? request.Query["model_id"].ToString();
        return ModelId.IsValid(id) ? id : null;
    }

    private async Task WriteAsync(AuditEntry entry)
    {
        _logger.Audited(
            entry.Who ?? "nobody",
            entry.Address ?? "-",
            entry.What,
            entry.Target ?? "-",
            entry.Outcome,
            entry.Status
        );
        if (_file is null)
            return;
        // Not the caller's to cancel: what was done is remembered though nobody waits for the answer.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (await _file.AppendAsync(entry.ToLine()) is { } failure)
                _logger.AuditNotRotated(_file.Path, failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.NotAudited(_file.Path, failure.Message);
        }
        finally
        {
            _turn.Release();
        }
    }
}
