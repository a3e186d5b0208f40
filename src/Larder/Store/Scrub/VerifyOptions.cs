using Larder.Transfer;

namespace Larder.Store.Scrub;

/// <summary>How a verification is done.</summary>
public sealed record VerifyOptions
{
    /// <summary>Whether what is damaged or missing is fetched again from its origin at once; false.</summary>
    /// <remarks>Without it the next pull of a model does the same.</remarks>
    public bool Repair { get; init; }

    /// <summary>Whether a repair may use only what is stored; false.</summary>
    public bool Offline { get; init; }

    /// <summary>Told of the reading, and of what a repair fetches, while it runs; null.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}
