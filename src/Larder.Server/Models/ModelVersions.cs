using Larder.Graphs;
using Larder.Onnx;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Store;
using Larder.Workers;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Models;

/// <summary>Says for each request which version of its model answers, and learns from what it came to.</summary>
internal sealed class ModelVersions(
    ModelCatalog catalog,
    ModelCache files,
    TimeProvider timeProvider,
    ILogger<ModelVersions> logger
)
{
    // A version that fails makes way for the one before, and when that is gone as well, for whatever the origin has.
    private const int MaxTurns = 3;

    private volatile TaskCompletionSource _changed = NewSource();

    /// <summary>Ends when the origin of some model is to be asked earlier than was known.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Asks a model's runtime for the version that answers now.</summary>
    /// <param name="model">The model, as the catalog has it.</param>
    /// <param name="ask">Asks its runtime for it in the version that is named, or in the present one where none is.</param>
    /// <param name="isLoaded">Whether it is loaded.</param>
    /// <param name="retire">Unloads what was loaded, unless a model that is served needs it.</param>
    public async Task<T> AskAsync<T>(
        ServedModel model,
        Func<ServedModel, Task<T>> ask,
        Func<ServedModel, bool> isLoaded,
        Action<ServedModel> retire
    )
    {
        if (catalog.Find(model.Id) is not { } standing)
            return await ask(model);
        if (!standing.IsFollowed)
        {
            standing.Use(timeProvider.GetUtcNow(), out _);
            var answer = await ask(model);
            standing.Reached();
            return answer;
        }
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            var wanted = standing.Use(timeProvider.GetUtcNow(), out var version);
            if (version is null)
                break;
            try
            {
                var answer = await ask(wanted);
                standing.Prove(version);
                // Another answers since this request came. It may have been unloaded by then, and was loaded once more for it.
                if (standing.Now.Answer is { } now && !now.IsSameAs(version))
                    retire(version.Model);
                return answer;
            }
            catch (Exception failure) when (MakesWay(standing, version, failure, isLoaded))
            {
                // Another version answers by now.
            }
        }
        var found = await ask(standing.Settings);
        if (!catalog.IsServed(standing))
        {
            // Its settings changed while it was loaded for this request, which nobody knew when the rest of it was unloaded.
            retire(standing.Settings);
            return found;
        }
        var before = standing.Now.Answer;
        Learn(standing);
        if (before is not null && standing.Now.Answer?.IsSameAs(before) == false)
            retire(before.Model);
        return found;
    }

    /// <summary>Takes the version that the store has for the one that answers.</summary>
    public void Learn(ModelStanding standing)
    {
        if (!standing.IsFollowed)
            return;
        try
        {
            if (files.Find(standing.Settings.From, standing.Settings.Pull) is not { } stored)
                return;
            var version = new ServedVersion(standing.Settings, standing.Content, stored.Digest, stored.Checked)
            {
                IsProven = true,
            };
            standing.Learn(version, AskTimes.AfterAnswer(version));
            Signal();
        }
        catch (LarderException)
        {
            // The store could not be read at this moment. The next request finds out for itself, as this one did.
        }
    }

    /// <summary>Lets the next request of a model find out which version answers.</summary>
    public void Forget(string id) => catalog.Find(id)?.Forget();

    /// <summary>Has the time looked at again when the next origin is to be asked.</summary>
    public void Signal() => Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();

    private bool MakesWay(
        ModelStanding standing,
        ServedVersion version,
        Exception failure,
        Func<ServedModel, bool> isLoaded
    )
    {
        if (failure is NotCachedException)
        {
            // It was stored when it was learnt, and has been removed since.
            standing.Forget(version);
            return true;
        }
        // What is wrong with the request, or with the room that others take, says nothing against the version.
        if (
            version.IsProven
            || failure
                is OperationCanceledException
                    or InvalidInputsException
                    or InvalidWorkerInputsException
                    or GraphRoomException
                    or GraphBusyException
                    or NoRoomException
            || standing.Now.Previous is not { } before
            || isLoaded(version.Model)
        )
            return false;
        // Of those who waited for its load, the first says so.
        if (standing.Reject(version, failure, timeProvider.GetUtcNow()))
        {
            ModelsMeter.CountSwitch("failed");
            logger.VersionRefused(standing.Settings.Id, version.Version, before.Version, failure);
        }
        return true;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
