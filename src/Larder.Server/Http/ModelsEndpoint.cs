using System.Text.Json;
using Larder.Onnx;
using Larder.Server.Configuration;
using Larder.Server.Runtimes;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary><c>GET /api/models</c> and <c>GET /api/models/{id}</c>.</summary>
internal sealed class ModelsEndpoint(ModelCatalog catalog, ModelRuntimes runtimes, ModelCache files)
{
    public Task ListAsync(HttpContext context)
    {
        // Looked at before the first byte is written: what fails then is still answered with a problem.
        var states = catalog.All.Select(StateOf).ToList();
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("models");
                states.ForEach(state => Write(json, state));
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }

    public Task GetAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (!catalog.TryGet(id, out var model))
            return ProblemWriter.WriteAsync(context, Problems.UnknownModel(id));
        var state = StateOf(model);
        return JsonResponse.WriteAsync(context, json => Write(json, state));
    }

    private State StateOf(ServedModel model)
    {
        var loaded = runtimes.TryDescribe(model);
        return new State(model, loaded, loaded is null ? files.Find(model.From, model.Pull) : null);
    }

    /// <summary>State, version and, once it is loaded and they are known, inputs and outputs.</summary>
    private static void Write(Utf8JsonWriter json, State state)
    {
        var (model, loaded, stored) = state;
        json.WriteStartObject();
        json.WriteString("model_id", model.Id);
        json.WriteString("reference", model.From.Text);
        json.WriteString("runtime", model.Runtime);
        json.WriteString(
            "state",
            (loaded, stored) switch
            {
                (not null, _) => "loaded",
                (null, not null) => "stored",
                _ => "not_stored",
            }
        );
        json.WriteString("model_version", (loaded?.Version ?? stored?.Digest)?.ToString());
        Write(json, "inputs", loaded?.Inputs);
        Write(json, "outputs", loaded?.Outputs);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<TensorSpec>? specs)
    {
        if (specs is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var spec in specs)
        {
            json.WriteStartObject();
            json.WriteString("name", spec.Name);
            json.WriteString("type", spec.ElementType.Name());
            if (spec.HasShape)
                WriteShape(json, spec);
            else
                json.WriteNull("shape");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // A free dimension is its name, or -1 where it has none.
    private static void WriteShape(Utf8JsonWriter json, TensorSpec spec)
    {
        json.WriteStartArray("shape");
        foreach (var dimension in spec.Shape)
        {
            if (dimension is { IsFree: true, Name: { } name })
                json.WriteStringValue(name);
            else
                json.WriteNumberValue(dimension.Size ?? -1);
        }
        json.WriteEndArray();
    }

    private sealed record State(ServedModel Model, ModelDescription? Loaded, CachedModel? Stored);
}
