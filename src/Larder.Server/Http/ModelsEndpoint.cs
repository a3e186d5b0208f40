using System.Text.Json;
using Larder.Onnx;
using Larder.Server.Models;
using Larder.Server.Reloading;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary><c>GET /api/models</c> and <c>GET /api/models/{id}</c>.</summary>
internal sealed class ModelsEndpoint(ModelStates states, ConfigurationReloader reloader)
{
    public Task ListAsync(HttpContext context)
    {
        // Looked at before the first byte is written: what fails then is still answered with a problem.
        var all = states.List();
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("models");
                foreach (var state in all)
                    Write(json, state);
                json.WriteEndArray();
                Write(json, reloader.Status);
                json.WriteEndObject();
            }
        );
    }

    public Task GetAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return states.Find(id) is { } state
            ? JsonResponse.WriteAsync(context, json => Write(json, state))
            : ProblemWriter.WriteAsync(context, Problems.UnknownModel(id));
    }

    private static void Write(Utf8JsonWriter json, ConfigurationStatus status)
    {
        json.WriteStartObject("configuration");
        json.WriteString("loaded_at", status.LoadedAt);
        json.WriteString("error", status.Error);
        Write(json, "failed_at", status.FailedAt);
        json.WriteStartArray("needs_restart");
        foreach (var setting in status.NeedRestart)
            json.WriteStringValue(setting);
        json.WriteEndArray();
        json.WriteNumber("reloads", status.Reloads);
        json.WriteNumber("failures", status.Failures);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ModelState state)
    {
        var model = state.Model;
        json.WriteStartObject();
        json.WriteString("model_id", model.Id);
        json.WriteString("reference", model.From.Text);
        json.WriteString("runtime", model.Runtime);
        json.WriteString("state", state.State);
        json.WriteString("model_version", state.Version?.ToString());
        json.WriteString("previous_version", state.Previous?.ToString());
        WriteNext(json, state);
        Write(json, "failure", state.Failure);
        Write(json, "failed_until", state.FailedUntil);
        Write(json, "origin_failure", state.OriginFailure);
        Write(json, "checked_at", state.Checked);
        Write(json, "last_used", state.LastUsed);
        json.WriteBoolean("warm", model.Warm);
        json.WriteBoolean("pinned", state.IsPinned);
        Write(json, "bytes", state.Bytes);
        Write(json, "memory_bytes", state.MemoryBytes);
        Write(json, "inputs", state.Loaded?.Inputs);
        Write(json, "outputs", state.Loaded?.Outputs);
        json.WriteEndObject();
    }

    private static void WriteNext(Utf8JsonWriter json, ModelState state)
    {
        if (state.Next is not { } version)
        {
            json.WriteNull("next");
            return;
        }
        json.WriteStartObject("next");
        json.WriteString("model_version", version.ToString());
        json.WriteString("state", state.NextFailure is null ? "loading" : "failed");
        Write(json, "failure", state.NextFailure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Problem? problem)
    {
        if (problem is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("type", ProblemWriter.TypePrefix + problem.Type);
        json.WriteString("detail", problem.Detail);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known);
        else
            json.WriteNull(name);
    }

    private static void Write(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
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
}
