using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary>Writes an answer in JSON straight into the response.</summary>
internal static class JsonResponse
{
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            write(json);
            await json.FlushAsync(context.RequestAborted);
            // That moved the document to the body's buffer, and nothing has been sent: its length can still be told.
            context.Response.ContentLength = json.BytesCommitted;
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
