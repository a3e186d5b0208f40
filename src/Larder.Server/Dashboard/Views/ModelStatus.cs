using Larder.Content;
using Larder.Server.Models;

namespace Larder.Server.Dashboard.Views;

/// <summary>A model that this server answers for, as it was at one moment.</summary>
/// <param name="Model">How it stands.</param>
/// <param name="Stored">What the store has of it; null for nothing.</param>
/// <param name="IsFetching">Whether its files are being pulled.</param>
internal sealed record ModelStatus(ModelState Model, CachedModel? Stored, bool IsFetching)
{
    public string Id => Model.Model.Id;

    public string Reference => Model.Model.From.Text;

    public Digest? Version => Model.Version;

    /// <summary>One or two words.</summary>
    public string State => IsFetching && Model.Loaded is null ? "fetching" : Model.State.Replace('_', ' ');

    /// <summary>What an operator should know of it besides; null for nothing.</summary>
    public string? Note =>
        Model switch
        {
            { Failure: { } failure } => failure.Detail,
            { NextFailure: { } failure } => $"A newer version could not be loaded: {failure.Detail}",
            { OriginFailure: { } failure } => failure.Detail,
            { Next: not null } => "A newer version is being loaded.",
            _ => null,
        };
}
