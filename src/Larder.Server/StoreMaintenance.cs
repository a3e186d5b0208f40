using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>Sweeps the store when the server starts, and adds up now and then what was noted of its use.</summary>
internal sealed class StoreMaintenance(ModelCache files, TimeProvider timeProvider, ILogger<StoreMaintenance> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Before the first request: what a server that died left is gone when this one answers.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SweepAsync(stoppingToken);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await files.SweepAsync(cancellationToken);
        }
        catch (LarderException failure)
        {
            // A store that cannot be swept, a full or read-only disk, still answers.
            logger.NotSwept(failure.Message);
        }
    }
}
