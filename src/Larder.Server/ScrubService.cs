using Larder.Store.Scrub;
using Microsoft.Extensions.Hosting;

namespace Larder.Server;

/// <summary>Has the store scrubbed for as long as the server runs.</summary>
internal sealed class ScrubService(ModelCache files, ScrubOptions options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.BytesPerSecond == 0)
            return;
        try
        {
            await files.ScrubAsync(options, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped would call this a failure.
        }
    }
}
