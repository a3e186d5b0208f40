using Larder.Content;
using Larder.Server.Configuration;

namespace Larder.Server.Dashboard.Views;

/// <summary>A model that this server answers for, as it was at one moment.</summary>
/// <param name="Model">Its settings.</param>
/// <param name="Stored">What the store has of it; null for nothing.</param>
/// <param name="LoadedVersion">The version that is loaded; null when none is.</param>
/// <param name="IsFetching">Whether its files are being pulled.</param>
internal sealed record ModelStatus(ServedModel Model, CachedModel? Stored, Digest? LoadedVersion, bool IsFetching)
{
    public Digest? Version => LoadedVersion ?? Stored?.Digest;

    /// <summary>One or two words.</summary>
    public string State =>
        IsFetching ? "fetching"
        : LoadedVersion is not null ? "loaded"
        : Stored is not null ? "stored"
        : "not stored";
}
