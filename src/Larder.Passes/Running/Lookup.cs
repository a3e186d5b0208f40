using Larder.Content;
using Larder.Passes.Keys;
using Larder.Sharing;

namespace Larder.Passes.Running;

/// <summary>Asks the local and the shared store for the answers of a chain: for all keys at once.</summary>
/// <param name="cache">The local store.</param>
/// <param name="shared">The shared store; null when it is not read.</param>
/// <param name="chain">The steps.</param>
internal sealed class Lookup(ModelCache cache, SharedCache? shared, Chain chain)
{
    private Task? _sharedAnswers;

    /// <summary>Whether the local store has an answer to all that a run is to give.</summary>
    public bool HasAllLocally =>
        chain.Last is not { Answer: null } && chain.Evaluations.All(evaluation => evaluation.Answer is not null);

    /// <summary>Asks the local store, while the shared one may be on its way to answer.</summary>
    /// <param name="askShared">Whether the shared store is asked in any case, and not only when its answers are needed.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public void Begin(bool askShared, CancellationToken cancellationToken)
    {
        var asked = askShared ? FindSharedAsync(cancellationToken) : null;
        foreach (var step in chain.Steps)
        {
            if (cache.FindDerived(step.Key) is { } model)
                step.Add(StepAnswer.Of(model, step.Key, byContent: false));
        }
        if (asked is not null)
            _sharedAnswers = AddSharedAsync(asked);
    }

    /// <summary>Waits for the answers of the shared store, which come after the local ones.</summary>
    /// <remarks>Not called by two at once.</remarks>
    public Task EnsureSharedAsync(CancellationToken cancellationToken) =>
        _sharedAnswers ??= AddSharedAsync(FindSharedAsync(cancellationToken));

    /// <summary>Asks both stores for what was made of these very bytes, however they came to be.</summary>
    public async Task AskByContentAsync(StepState step, Digest model, CancellationToken cancellationToken)
    {
        var key = step.KeyOf(StepKeys.Bytes(model));
        if (key.Equals(step.ContentKey))
            return;
        step.ContentKey = key;
        // The first pass of a model that is known by its bytes everywhere: that was asked.
        if (key.Equals(step.Key))
            return;
        if (cache.FindDerived(key) is { } local)
            step.Add(StepAnswer.Of(local, key, byContent: true));
        if (step.Answer is not null || shared is null)
            return;
        var found = await shared.FindAsync([key], cancellationToken).ConfigureAwait(false);
        if (found[0] is { } entry)
            step.Add(StepAnswer.Of(entry, byContent: true));
    }

    private async Task<IReadOnlyList<(StepState Step, SharedEntry? Entry)>> FindSharedAsync(
        CancellationToken cancellationToken
    )
    {
        if (shared is null)
            return [];
        // Two evaluations may be one but for their names.
        var keys = chain.Steps.Select(step => step.Key).Distinct().ToList();
        if (keys.Count == 0)
            return [];
        var entries = await shared.FindAsync(keys, cancellationToken).ConfigureAwait(false);
        var found = keys.Zip(entries).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. chain.Steps.Select(step => (step, found[step.Key]))];
    }

    private static async Task AddSharedAsync(Task<IReadOnlyList<(StepState Step, SharedEntry? Entry)>> asked)
    {
        foreach (var (step, entry) in await asked.ConfigureAwait(false))
        {
            if (entry is not null)
                step.Add(StepAnswer.Of(entry, byContent: false));
            else
                step.IsMissedInShared = true;
        }
    }
}
