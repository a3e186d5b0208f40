using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Graphs.Hosting;

/// <summary>How a cache of graphs is: degraded while memory is short, callers wait for room, or a load or disposal does not end.</summary>
/// <remarks>
/// Add it with <c>services.AddHealthChecks().AddCheck&lt;GraphHealthCheck&gt;("graphs")</c>. It is never unhealthy: to restart the
/// process would lose all that is loaded, and is rarely what helps. The numbers are in the result's data.
/// </remarks>
public sealed class GraphHealthCheck(GraphCache cache) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var statistics = cache.GetStatistics();
        List<string> complaints = [];
        if (statistics.IsUnderMemoryPressure)
            complaints.Add("memory is short, and idle graphs are being given back");
        if (statistics.Waiting > 0)
            complaints.Add($"calls that wait for room: {statistics.Waiting}");
        if (statistics.LateLoads > 0)
            complaints.Add($"loads that do not end, and take room until they do: {statistics.LateLoads}");
        if (statistics.LateDisposals > 0)
            complaints.Add(
                $"disposals that do not end, and whose memory is lost until they do: {statistics.LateDisposals}"
            );
        return Task.FromResult(
            new HealthCheckResult(
                complaints.Count is 0 ? HealthStatus.Healthy : HealthStatus.Degraded,
                complaints.Count is 0 ? $"loaded graphs: {statistics.Cache.Entries}" : string.Join("; ", complaints),
                data: Numbers(statistics)
            )
        );
    }

    private static Dictionary<string, object> Numbers(GraphStatistics statistics)
    {
        Dictionary<string, object> numbers = new(StringComparer.Ordinal)
        {
            ["graphs"] = statistics.Cache.Entries,
            ["waiting"] = statistics.Waiting,
            ["late_disposals"] = statistics.LateDisposals,
        };
        foreach (var device in statistics.Devices)
        {
            numbers[$"{device.Device}_bytes"] = device.UsedBytes;
            if (device.LostBytes > 0)
                numbers[$"{device.Device}_lost_bytes"] = device.LostBytes;
        }
        return numbers;
    }
}
