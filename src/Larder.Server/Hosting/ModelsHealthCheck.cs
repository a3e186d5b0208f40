using Larder.Server.Access;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Server.Hosting;

/// <summary>
/// Whether the application should be sent work: unhealthy until the models are warm that it waits for, and when it stops; degraded
/// while the origin of a model cannot be asked. It asks no origin itself.
/// </summary>
internal sealed class ModelsHealthCheck(ModelCatalog catalog, WarmUp warmUp, GracefulStop stop) : IHealthCheck
{
    private const int MostNamed = 10;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failureStatus)
    {
        if (stop.IsStopping)
            return new HealthCheckResult(failureStatus, "stopping");
        if (!warmUp.IsDone)
            return new HealthCheckResult(failureStatus, "models are being warmed");
        var standings = catalog.Standings.ToList();
        var failing = standings
            .Where(standing => standing.Now.AskFailure is not null)
            .Select(standing => standing.Settings.Id)
            .ToList();
        var numbers = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["models"] = standings.Count,
            ["origins_failing"] = failing.Count,
        };
        // What is stored answers, and may be old.
        return failing.Count == 0
            ? HealthCheckResult.Healthy($"served models: {standings.Count}", numbers)
            : HealthCheckResult.Degraded(
                $"the origins of these models cannot be asked: {string.Join(", ", failing.Take(MostNamed))}{(failing.Count > MostNamed ? ", …" : "")}",
                data: numbers
            );
    }
}
