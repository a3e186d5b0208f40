using Larder.Sharing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Server.Hosting;

/// <summary>Whether the team's store answers: at most degraded, since all is done without it, only slower.</summary>
internal sealed class TeamHealthCheck(IServiceProvider services) : IHealthCheck
{
    // An object that nobody writes: that it is not there is an answer.
    private const string Name = SharedNames.Probes + "health";

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (services.GetService(typeof(TeamCache)) is not TeamCache team)
            return HealthCheckResult.Healthy("there is no team's store");
        try
        {
            await team.Cache.Patient.AskAsync(
                SharedDirection.Read,
                (store, token) => store.TryStatAsync(Name, token),
                cancellationToken
            );
            return HealthCheckResult.Healthy($"{team.Cache.Store.Location} answers");
        }
        catch (SharedStoreException failure)
        {
            return HealthCheckResult.Degraded(failure.Message, failure);
        }
    }
}
