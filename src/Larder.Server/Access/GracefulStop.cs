using Larder.Server.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>
/// The order in which a server stops: it is no longer ready; after <c>server.stop_delay</c> it ends streams and stops
/// listening; what it was asked is answered for <c>server.stop_timeout</c>, then cancelled.
/// </summary>
internal sealed class GracefulStop(
    IHostApplicationLifetime lifetime,
    ServerOptions options,
    TimeProvider timeProvider,
    ILogger<GracefulStop> logger
) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _streamsEnd = new();
    private volatile bool _isStopping;

    /// <summary>Whether nobody should send new requests.</summary>
    public bool IsStopping => _isStopping || lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when answers without an end have to end.</summary>
    public CancellationToken StreamsEnd => _streamsEnd.Token;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        try
        {
            // Nobody sends requests to one that never listened.
            if (options.StopDelay > TimeSpan.Zero && lifetime.ApplicationStarted.IsCancellationRequested)
            {
                logger.StopsSoon(options.StopDelay);
                await Task.Delay(options.StopDelay, timeProvider, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // It stops sooner, and all the same.
        }
        await _streamsEnd.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _streamsEnd.Dispose();
}
