using Larder.Content;
using Larder.Derived;

namespace Larder.Passes.Running;

/// <summary>Files that are there as the answer of another key, too.</summary>
internal static class SecondAnswer
{
    /// <summary>Notes it: a help for later runs, and none that this one may fail for.</summary>
    /// <param name="cache">The local store, which has the files.</param>
    /// <param name="key">What they answer besides.</param>
    /// <param name="manifest">The files.</param>
    /// <param name="source">What they were made from.</param>
    /// <param name="warn">Told when it could not be noted, in a sentence.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    public static async Task NoteAsync(
        ModelCache cache,
        EntryKey key,
        Digest manifest,
        DerivedSource source,
        Action<string> warn,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await cache.TryAnswerAsync(key, manifest, source, cancellationToken).ConfigureAwait(false);
        }
        catch (LarderException failure)
        {
            warn($"What is there could not be noted as the answer of {key} too: {failure.Message}");
        }
    }
}
