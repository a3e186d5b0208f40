using System.Text.Json;
using Larder.Content;
using Larder.Onnx;
using Larder.Onnx.Json;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Server.Http;
using Larder.Server.Runtimes;
using Larder.Server.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Inference;

/// <summary>The Open Inference Protocol, version 2, which the clients of Triton and KServe speak: <c>/v2/…</c>.</summary>
/// <remarks>
/// https://github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md, with Triton's extension for binary
/// tensor data. A version of a model is the digest of its manifest.
/// </remarks>
internal sealed class InferenceEndpoint(
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelCache files,
    WarmUp warmUp,
    GracefulStop stop,
    TimeProvider timeProvider
)
{
    public static Task GetServerAsync(HttpContext context) =>
        JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("name", "larder");
                json.WriteString("version", ServerVersion.Text);
                json.WriteStartArray("extensions");
                json.WriteStringValue("binary_tensor_data");
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    public static Task GetLiveAsync(HttpContext context) => WriteFlagsAsync(context, isTrue: true, "live");

    public Task GetReadyAsync(HttpContext context) =>
        WriteFlagsAsync(context, warmUp.IsDone && !stop.IsStopping, "ready", "live");

    /// <summary>Whether requests are answered. A model that is loaded when it is asked for is ready before it is loaded.</summary>
    public Task GetModelReadyAsync(HttpContext context)
    {
        if (Find(context) is not { } model)
            return Unknown(context);
        if (
            context.Request.RouteValues["version"] is string version
            && !(Digest.TryParse(version, out var digest) && Versions(model, present: null).Contains(digest))
        )
            return ProblemWriter.WriteAsync(context, InferenceProblems.UnknownVersion(model.Id, version));
        var isReady = !model.Warm || warmUp.IsDone;
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("name", model.Id);
                json.WriteBoolean("ready", isReady);
                json.WriteEndObject();
            }
        );
    }

    /// <summary>What the model takes and gives. It is loaded to know that.</summary>
    public async Task GetModelAsync(HttpContext context)
    {
        if (Find(context) is not { } model)
        {
            await Unknown(context);
            return;
        }
        await using var rented = await RentAsync(context, model);
        if (rented is null)
            return;
        var versions = Versions(model, rented.Version);
        await JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("name", model.Id);
                json.WriteStartArray("versions");
                versions.ForEach(version => json.WriteStringValue(version.ToString()));
                json.WriteEndArray();
                json.WriteString("platform", rented.Platform);
                Write(json, "inputs", rented.Inputs);
                Write(json, "outputs", rented.Outputs);
                json.WriteEndObject();
            }
        );
    }

    public async Task InferAsync(HttpContext context)
    {
        if (Find(context) is not { } model)
        {
            await Unknown(context);
            return;
        }
        await PredictionWatch.RunAsync(context, model.Id, watch => InferAsync(context, model, watch));
    }

    private async Task InferAsync(HttpContext context, ServedModel model, PredictionWatch watch)
    {
        using var body = await InferenceBody.ReadAsync(context);
        if (body is null)
            return;
        var request = InferenceRequestReader.Read(body.Document.RootElement, body.Behind);
        var inputs = InferenceTensors.Read(request.Inputs);
        await using var rented = await RentAsync(context, model);
        if (rented is null)
            return;
        // Before the model is run, where it tells what it gives.
        var wanted = rented.Outputs is { } known ? Chosen(request, known) : request.Outputs;
        var start = timeProvider.GetTimestamp();
        var values = await rented.RunAsync(
            inputs,
            wanted is null ? null : [.. wanted.Select(output => output.Name)],
            context.RequestAborted
        );
        watch.Answered(new PredictionTimes(rented.FilesTime, rented.LoadTime, timeProvider.GetElapsedTime(start)));
        var outputs = wanted ?? [.. values.Keys.Select(name => new InferenceOutput(name, request.IsBinaryByDefault))];
        await new InferenceAnswer(
            model.Id,
            rented.Version,
            request.Id,
            [.. outputs.Select(output => (output, values[output.Name]))]
        ).WriteAsync(context);
    }

    private static IReadOnlyList<InferenceOutput> Chosen(InferenceRequest request, IReadOnlyList<TensorSpec> known)
    {
        if (request.Outputs is not { } chosen)
            return [.. known.Select(spec => new InferenceOutput(spec.Name, request.IsBinaryByDefault))];
        var faults = new FaultList();
        var names = string.Join(", ", known.Select(spec => $"'{spec.Name}'"));
        for (var i = 0; i < chosen.Count; i++)
        {
            if (known.All(spec => spec.Name != chosen[i].Name))
                faults.Add($"outputs[{i}].name", $"The model has no such output; it has {names}.");
        }
        faults.ThrowIfAny();
        return chosen;
    }

    private ServedModel? Find(HttpContext context) =>
        catalog.TryGet((string)context.Request.RouteValues["id"]!, out var model) ? model : null;

    private static Task Unknown(HttpContext context) =>
        ProblemWriter.WriteAsync(context, Problems.UnknownModel((string)context.Request.RouteValues["id"]!));

    /// <summary>The version that the route names, else the present one; null when there is none and that has been answered.</summary>
    private async Task<ITensorModel?> RentAsync(HttpContext context, ServedModel model)
    {
        if (context.Request.RouteValues["version"] is not string version)
            return await runtimes.RentAsync(model, context.RequestAborted);

        if (Digest.TryParse(version, out var digest))
        {
            // Only what this model is or was: a caller must not have this server fetch what he thinks up.
            if (Versions(model, present: null).Contains(digest))
                model = model with { Pull = model.Pull with { Digest = digest } };
            var rented = await runtimes.RentExactlyAsync(model, context.RequestAborted);
            if (rented.Version == digest)
                return rented;
            await rented.DisposeAsync();
        }
        await ProblemWriter.WriteAsync(context, InferenceProblems.UnknownVersion(model.Id, version));
        return null;
    }

    // The present one first.
    private List<Digest> Versions(ServedModel model, Digest? present)
    {
        var stored = files.Find(model.From, model.Pull);
        List<Digest> versions = [];
        if ((present ?? stored?.Digest) is { } first)
            versions.Add(first);
        if (stored is not null)
            versions.AddRange(stored.ListEarlierVersions().Select(version => version.Digest));
        return [.. versions.Distinct()];
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<TensorSpec>? specs)
    {
        json.WriteStartArray(name);
        foreach (var spec in specs ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", spec.Name);
            json.WriteString("datatype", InferenceDatatypes.NameOf(spec.ElementType));
            json.WriteStartArray("shape");
            foreach (var dimension in spec.Shape)
                json.WriteNumberValue(dimension.Size ?? -1);
            // The protocol has no word for a number of dimensions that is not known.
            if (!spec.HasShape)
                json.WriteNumberValue(-1);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static Task WriteFlagsAsync(HttpContext context, bool isTrue, params string[] names)
    {
        context.Response.StatusCode = isTrue ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                foreach (var name in names)
                    json.WriteBoolean(name, isTrue || name == "live");
                json.WriteEndObject();
            }
        );
    }
}
