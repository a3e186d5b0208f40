using Larder.Server.Access;
using Larder.Server.Models;
using Larder.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Server.Hosting;

/// <summary>
/// Whether the application should be sent work: unhealthy until the models are warm that it waits for, and when it stops; degraded
/// while a model cannot be loaded or its origin cannot be asked. It loads none and asks no origin itself.
/// </summary>
internal sealed class ModelsHealthCheck(ModelStates states, WarmUp warmUp, GracefulStop stop) : IHealthCheck
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
        IReadOnlyList<ModelState> models;
        try
        {
            models = states.List();
        }
        catch (StoreException failure)
        {
            return HealthCheckResult.Degraded(failure.Message, failure);
        }
        var broken = IdsOf(
            models.Where(model =>
                model.NextFailure is not null || (model.State == "failed" && model.OriginFailure is null)
            )
        );
        var unreached = IdsOf(models.Where(model => model.OriginFailure is not null));
        var numbers = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["models"] = models.Count,
            ["models_failed"] = broken.Count,
            ["origins_failing"] = unreached.Count,
        };
        // The other models answer, and so does what is stored, which may be old.
        return broken.Count + unreached.Count == 0
            ? HealthCheckResult.Healthy($"served models: {models.Count}", numbers)
            : HealthCheckResult.Degraded(
                string.Join(
                    "; ",
                    Told("models that cannot be loaded", broken)
                        .Concat(Told("models whose origins cannot be asked", unreached))
                ),
                data: numbers
            );
    }

    private static List<string> IdsOf(IEnumerable<ModelState> models) => [.. models.Select(model => model.Model.Id)];

    private static IEnumerable<string> Told(string what, List<string> ids) =>
        ids.Count == 0
            ? []
            : [$"{what}: {string.Join(", ", ids.Take(MostNamed))}{(ids.Count > MostNamed ? ", …" : "")}"];
}
