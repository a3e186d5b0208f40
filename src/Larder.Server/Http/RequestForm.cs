using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Larder.Server.Http;

/// <summary>Reads the small forms that browsers send.</summary>
internal static class RequestForm
{
    /// <summary>The most bytes of one.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>Reads the body of a request; null where it is no form, or none that can be read.</summary>
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
        catch (NotSupportedException)
        {
            return null; // UTF-7, which .NET reads no more.
        }
        catch (IOException failure) when (failure.GetType() == typeof(IOException))
        {
            return null; // Parts that end too early. What is wrong with the request itself has a type of its own.
        }
    }
}
