using Larder.Content;
using Larder.Pull;

namespace Larder.Derived;

/// <summary>What derived files were made from.</summary>
/// <param name="Reference">The reference of the model that they were made from, for people: it is no part of the key.</param>
/// <param name="Manifest">The version of that model: to clear the model is to clear what was made from it.</param>
/// <param name="Duration">How long it took to make them; with their size it decides what is evicted first.</param>
public sealed record DerivedSource(string Reference, Digest Manifest, TimeSpan Duration)
{
    /// <summary>The source of what is made from a snapshot.</summary>
    public static DerivedSource Of(Snapshot snapshot, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new DerivedSource(snapshot.Reference.Text, snapshot.Digest, duration);
    }
}
