using Larder.Server.Dashboard.Clearing;

namespace Larder.Server.Dashboard.Pages;

/// <summary>Finds what the forms of the pages are about.</summary>
internal sealed class ActionForm(ModelCatalog catalog, ModelCache files)
{
    /// <summary>What a form or an address is about: <c>model=ID</c>, <c>entry=KEY</c> or neither; null for what is not there.</summary>
    public ClearTarget? FindTarget(string? model, string? entry) =>
        (model, entry) switch
        {
            ({ Length: > 0 } id, _) => catalog.TryGet(id, out var served) ? new ClearTarget(served, null) : null,
            (_, { Length: > 0 } key) => files.List().FirstOrDefault(stored => stored.Key.ToString() == key) is { } found
                ? new ClearTarget(null, found)
                : null,
            _ => ClearTarget.Everything,
        };
}
