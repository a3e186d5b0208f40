using Larder.Server.Configuration;
using Larder.Server.Models;
using Larder.Server.Runtimes;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Reloading;

/// <summary>Serves the models that the configuration has now: new ones, changed ones, and no more those that it lost.</summary>
internal sealed class ServedModels(
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelRenewals renewals,
    ModelVersions versions,
    WarmUp warmUp,
    TimeProvider timeProvider,
    ILogger<ServedModels> logger
) : IReloadable
{
    public IReadOnlyList<string> Settings { get; } = ["models"];

    public void Reload(LarderConfiguration configuration)
    {
        var before = catalog.Standings.ToDictionary(standing => standing.Settings.Id, StringComparer.Ordinal);
        var after = configuration.Models.Values.Select(model => Follow(model, configuration, before)).ToList();
        // From here on requests find the new ones, and only then what nobody finds any more is unloaded.
        catalog.Replace(after);
        versions.Signal();
        foreach (var gone in before.Values.Where(old => !configuration.Models.ContainsKey(old.Settings.Id)))
            _ = UnloadAsync(gone, renewals.RemoveAsync);
        foreach (var changed in after.Select(now => before.GetValueOrDefault(now.Settings.Id)).OfType<ModelStanding>())
        {
            if (!catalog.IsServed(changed))
                _ = UnloadAsync(changed, renewals.RetireAsync);
        }
        var cold = after.Where(standing => standing.Settings.Warm && !IsWarm(standing, before)).ToList();
        if (cold.Count > 0)
            _ = warmUp.LoadAsync(cold);
    }

    private ModelStanding Follow(
        ServedModel model,
        LarderConfiguration configuration,
        Dictionary<string, ModelStanding> before
    )
    {
        var standing = new ModelStanding(model, configuration.ContentOf(model.Id));
        if (!before.TryGetValue(model.Id, out var old))
            return standing;
        if (old.Content == standing.Content && IsTimedAlike(old.Settings, model))
            return old;
        if (!standing.IsFollowed || old.Now.Answer is not { } answer)
            return standing;
        // What answers may be older than the settings before these, whose own model was never loaded.
        if (answer.Content == standing.Content)
            standing.Continue(old, AskTimes.AfterAnswer(answer with { Settings = model }));
        // It answers until what the settings name now is loaded beside it.
        else if (runtimes.IsLoaded(answer.Model))
            standing.Continue(old, timeProvider.GetUtcNow());
        return standing;
    }

    private async Task UnloadAsync(ModelStanding old, Func<ModelStanding, Task> unload)
    {
        try
        {
            await unload(old);
        }
        catch (Exception failure) when (failure is LarderException or ObjectDisposedException)
        {
            logger.NotUnloaded(old.Settings.Id, failure.Message);
        }
    }

    private bool IsWarm(ModelStanding standing, Dictionary<string, ModelStanding> before) =>
        (standing.Now.Answer is { } answer && runtimes.IsLoaded(answer.Model))
        || (before.TryGetValue(standing.Settings.Id, out var old) && ReferenceEquals(old, standing));

    private static bool IsTimedAlike(ServedModel one, ServedModel other) =>
        one.Warm == other.Warm
        && one.Revalidate == other.Revalidate
        && one.Pull.FreshFor == other.Pull.FreshFor
        && one.Pull.StaleIfError == other.Pull.StaleIfError;
}
