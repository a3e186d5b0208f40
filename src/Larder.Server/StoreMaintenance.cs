using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>Sweeps the store when the server starts and now and then, adds up its use, and checks its counts.</summary>
internal sealed class StoreMaintenance(ModelCache files, TimeProvider timeProvider, ILogger<StoreMaintenance> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReconcileInterval = TimeSpan.FromDays(1);

    /// <summary>Counting reads every entry: the start of the server, and the first requests, have the processors before it.</summary>
    internal static readonly TimeSpan RestAfterStart = TimeSpan.FromSeconds(10);

    private long? _reconciled;

    // Before the first request: what a server that died left is gone when this one answers.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(() => files.SweepAsync(cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(RestAfterStart, timeProvider, stoppingToken);
            using var timer = new PeriodicTimer(Interval, timeProvider);
            do
            {
                await TryAsync(() => ReconcileAsync(stoppingToken));
                await timer.WaitForNextTickAsync(stoppingToken);
                await TryAsync(() => files.SweepAsync(stoppingToken));
            } while (true);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped would call this a failure.
        }
    }

    // Where the store changes all the time, one of the next tries finds it quiet.
    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        if (_reconciled is { } last && timeProvider.GetElapsedTime(last) < ReconcileInterval)
            return;
        if (await files.TryReconcileAsync(cancellationToken))
            _reconciled = timeProvider.GetTimestamp();
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A store that cannot be swept, a full or read-only disk, still answers; and what nobody foresaw, as it leaves a
            // background service, would stop the whole server.
            logger.NotSwept(failure.Message);
        }
    }
}
