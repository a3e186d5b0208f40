using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Models;

/// <summary>Asks the origins of models in use for newer versions, each before its stored one is no longer fresh.</summary>
internal sealed class Revalidation(
    ModelCatalog catalog,
    ModelRenewals renewals,
    ModelVersions versions,
    TimeProvider timeProvider,
    ILogger<Revalidation> logger
) : BackgroundService
{
    /// <summary>How many origins are asked at once: enough that one that hangs holds up nobody else's models for long.</summary>
    private const int MaxAtOnce = 4;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var places = new SemaphoreSlim(MaxAtOnce);
        var underWay = new Dictionary<ModelStanding, Task>(ReferenceEqualityComparer.Instance);
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before the look: what changes after it ends the pause.
            var changed = versions.Changed;
            var now = timeProvider.GetUtcNow();
            foreach (var ended in underWay.Where(pair => pair.Value.IsCompleted).Select(pair => pair.Key).ToList())
                underWay.Remove(ended);
            var next = now + LongestPause;
            foreach (var standing in catalog.Standings.Where(standing => IsToBeAsked(standing, now)))
            {
                var askAt = standing.Now.AskAt;
                if (!AskTimes.IsDue(askAt, standing.Settings.Pull.FreshFor, now))
                    next = askAt < next ? askAt : next;
                else if (!underWay.ContainsKey(standing))
                    underWay[standing] = AskAsync(standing, places, stoppingToken);
            }
            Task something = Task.WhenAny(underWay.Values.Append(changed));
            await something
                .WaitAsync(next - now, timeProvider, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(underWay.Values);
    }

    private static bool IsToBeAsked(ModelStanding standing, DateTimeOffset now) =>
        standing is { IsFollowed: true, Now: { AskAt: var askAt } current }
        && askAt < DateTimeOffset.MaxValue
        && (current.Answer?.IsRetained == true || standing.IsInUseAt(now));

    private async Task AskAsync(ModelStanding standing, SemaphoreSlim places, CancellationToken stoppingToken)
    {
        try
        {
            await places.WaitAsync(stoppingToken);
            try
            {
                await renewals.RenewAsync(standing, always: false, stoppingToken);
            }
            finally
            {
                places.Release();
            }
        }
        catch (LarderException)
        {
            // Said and noted where it happened; what answered goes on.
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is, it concerns one model: a failure that leaves a background service stops the whole server.
            logger.RenewalFailed(standing.Settings.Id, failure);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
