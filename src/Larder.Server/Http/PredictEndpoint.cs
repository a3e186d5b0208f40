using System.Text.Json;
using Larder.Server.Configuration;
using Larder.Server.Runtimes;
using Larder.Server.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary><c>POST /api/models/{id}/predict</c>.</summary>
internal sealed class PredictEndpoint(ModelCatalog catalog, ModelRuntimes runtimes)
{
    private static readonly JsonDocumentOptions BodyOptions = new() { MaxDepth = 64 };

    public async Task HandleAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (!catalog.TryGet(id, out var model))
        {
            await ProblemWriter.WriteAsync(context, Problems.UnknownModel(id));
            return;
        }
        await PredictionWatch.RunAsync(context, model.Id, watch => AnswerAsync(context, model, watch));
    }

    private async Task AnswerAsync(HttpContext context, ServedModel model, PredictionWatch watch)
    {
        using var body = await ReadAsync(context);
        if (body is null)
            return;
        var answer = await (
            HasInstances(body.RootElement)
                ? runtimes.PredictEachAsync(model, body.RootElement, context.RequestAborted)
                : runtimes.PredictAsync(model, body.RootElement, context.RequestAborted)
        );
        watch.Answered(answer.Times);
        await JsonResponse.WriteAsync(context, json => answer.Write(json, model.Id));
    }

    private static bool HasInstances(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("instances", out _)
        && !body.TryGetProperty("inputs", out _);

    /// <summary>The body; null when it is no JSON and that has been answered.</summary>
    private static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        JsonDocument? body = null;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, BodyOptions, context.RequestAborted);
            JsonNames.ThrowIfBroken(body.RootElement);
            return body;
        }
        catch (JsonException malformed)
        {
            body?.Dispose();
            await ProblemWriter.WriteAsync(context, Problems.InvalidJson(malformed));
            return null;
        }
    }
}
