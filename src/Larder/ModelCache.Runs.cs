using Larder.Content;
using Larder.Pull;

namespace Larder;

// What is computed once on a machine, whoever wants it.
public sealed partial class ModelCache
{
    /// <summary>Waits for the right to compute the answer of a key among all processes; null when who had it has ended meanwhile.</summary>
    /// <remarks>Another lock than the one that is held while an answer is committed.</remarks>
    internal Task<FlightLock?> AcquireRunAsync(EntryKey key, CancellationToken cancellationToken) =>
        UseAsync(() => FlightLock.AcquireAsync($"{_store.FlightPath(key, version: null)}-run", cancellationToken));
}
