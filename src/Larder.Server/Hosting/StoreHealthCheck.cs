using System.Globalization;
using Larder.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Server.Hosting;

/// <summary>How the store is: unhealthy when it cannot be written to, degraded when it holds more than it may and cannot be emptied.</summary>
internal sealed class StoreHealthCheck(ModelCache files) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var room = await files.ProbeAsync(cancellationToken);
            var numbers = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["used_bytes"] = room.UsedBytes,
                ["most_bytes"] = room.Bounds.MostBytes,
            };
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{room.UsedBytes} of {room.Bounds.MostBytes} bytes are in use"
            );
            // Above the high mark it is emptied by the next pull; above the most that it may hold that has not been possible.
            return room.UsedBytes <= room.Bounds.MostBytes
                ? HealthCheckResult.Healthy(text, numbers)
                : HealthCheckResult.Degraded(
                    $"{text}: what is leased or pinned is not evicted, so a new model may find no room",
                    data: numbers
                );
        }
        catch (StoreException failure)
        {
            // Models that are stored and loaded are answered for all the same; the registration says what that is worth.
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
