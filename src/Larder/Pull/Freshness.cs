using Larder.Store;

namespace Larder.Pull;

/// <summary>Decides whether what is stored may be taken for the present version without asking the origin.</summary>
internal static class Freshness
{
    /// <summary>Whether an entry is fresh for a pull; for a shared one just as for one of this machine's.</summary>
    public static bool IsFresh(StoreEntry entry, PullOptions options, DateTimeOffset now)
    {
        // What was taken by its length is good for those alone who say that this is enough.
        if (options.Adopt is not { TrustsSizes: true } && entry.Source.IsUnproven)
            return false;
        // A check in the future is a clock that was set back, or another machine's that is wrong: it proves nothing.
        var age = now - entry.Checked;
        return !options.Refresh && (entry.Source.IsFixed || (age >= TimeSpan.Zero && age < options.FreshFor));
    }
}
