using System.Globalization;
using System.Text.Json;
using Larder.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Inference;

/// <summary>The body of an inference request: its document, and the bytes behind it.</summary>
internal sealed class InferenceBody : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    private InferenceBody(JsonDocument document, ReadOnlyMemory<byte> behind)
    {
        Document = document;
        Behind = behind;
    }

    public JsonDocument Document { get; }

    public ReadOnlyMemory<byte> Behind { get; }

    /// <summary>Reads it whole; null when it is not one and that has been answered.</summary>
    public static async Task<InferenceBody?> ReadAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var length = bytes.Length;
        if (context.Request.Headers.TryGetValue(InferenceAnswer.HeaderLength, out var given))
        {
            if (
                !int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length > bytes.Length
            )
            {
                await ProblemWriter.WriteAsync(context, InferenceProblems.WrongHeaderLength(bytes.Length));
                return null;
            }
        }
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes[..length], Options);
            JsonNames.ThrowIfBroken(document.RootElement);
            return new InferenceBody(document, bytes[length..]);
        }
        catch (JsonException malformed)
        {
            document?.Dispose();
            await ProblemWriter.WriteAsync(context, Problems.InvalidJson(malformed));
            return null;
        }
    }

    public void Dispose() => Document.Dispose();
}
