using Larder.Server.Dashboard.Clearing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Larder.Server.Dashboard.Pages;

/// <summary>Reads the small forms of the pages.</summary>
internal sealed class ActionForm(ModelCatalog catalog, ModelCache files)
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>Reads the body of a request; null where it is no form.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than any of ours.</exception>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null; // Too many fields, or one too long.
        }
    }

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
