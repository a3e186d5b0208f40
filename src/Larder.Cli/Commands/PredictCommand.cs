using System.CommandLine;
using System.Text;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Pull;
using Larder.Server;
using Larder.Server.Configuration;
using Larder.Server.Predictions;
using Larder.Workers;
using Microsoft.Extensions.Logging;

namespace Larder.Cli.Commands;

/// <summary><c>larder predict MODEL --input FILE</c>: one prediction, in this process.</summary>
internal static class PredictCommand
{
    public static Command Create(GlobalOptions options)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "The id of a model in the configuration, or a model reference",
        };
        var input = new Option<string>("--input", "-i")
        {
            Description = "A file with {\"inputs\": {name: value}}; - for standard input",
            HelpName = "FILE",
            Required = true,
        };
        return new Command("predict", "One prediction, in this process") { model, input }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    context.Result.GetRequiredValue(model),
                    context.Result.GetRequiredValue(input),
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string model,
        string input,
        CancellationToken cancellationToken
    )
    {
        using var body = await ReadAsync(input, cancellationToken);
        var served = context.Configuration.Models.GetValueOrDefault(model);
        var request = served?.Worker is null ? Request(context.Configuration, model) : null;
        using var cache = context.OpenCache();
        await using var graphs = new GraphCache(context.Configuration.Graphs);
        var answer = request is null
            ? await AskWorkerAsync(context, cache, graphs, served!, body.RootElement, cancellationToken)
            : await AskAsync(context, cache, graphs, request, body.RootElement, cancellationToken);
        if (context.Json)
            Terminal.Json(json => answer.Write(json, model));
        else
            WriteText(context, answer);
        await cache.FlushAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<Answer> AskAsync(
        CommandContext context,
        ModelCache cache,
        GraphCache graphs,
        OnnxModelRequest request,
        JsonElement body,
        CancellationToken cancellationToken
    )
    {
        var models = new OnnxModels(
            cache,
            graphs,
            options: context.Configuration.Onnx,
            logger: context.LoggerFactory.CreateLogger<OnnxModels>()
        );
        // Ended before the answer is written: a bar that ends clears the lines where it was.
        await using var display = context.Quiet ? null : new TransferDisplay(request.Reference.Text);
        var pull = request.Pull with { Progress = display };
        var prediction = await models.PredictAsync(request with { Pull = pull }, body, cancellationToken);
        return new Answer(
            (json, model) => PredictionDocument.Write(json, model, prediction),
            [
                .. prediction.Specs.Select(spec =>
                    (spec.Name, Text(json => TensorJson.WritePrediction(json, prediction.Outputs[spec.Name])))
                ),
            ],
            prediction.Files,
            prediction.FilesTime,
            prediction.LoadTime,
            prediction.RunTime
        );
    }

    private static async Task<Answer> AskWorkerAsync(
        CommandContext context,
        ModelCache cache,
        GraphCache graphs,
        ServedModel served,
        JsonElement body,
        CancellationToken cancellationToken
    )
    {
        var models = new WorkerModels(cache, graphs, logger: context.LoggerFactory.CreateLogger<WorkerModels>());
        await using var display = context.Quiet ? null : new TransferDisplay(served.From.Text);
        var request = new WorkerModelRequest(served.From, served.Worker!)
        {
            Pull = served.Pull with { Progress = display },
        };
        var prediction = await models.PredictAsync(request, body, cancellationToken);
        return new Answer(
            (json, model) => PredictionDocument.Write(json, model, prediction),
            [
                .. prediction
                    .Outputs.EnumerateObject()
                    .Select(output =>
                        (output.Name, Text(json => PredictionDocument.WritePrediction(json, output.Value)))
                    ),
            ],
            prediction.Files,
            prediction.FilesTime,
            prediction.LoadTime,
            prediction.RunTime
        );
    }

    private static OnnxModelRequest Request(LarderConfiguration configuration, string model)
    {
        if (configuration.Models.TryGetValue(model, out var served))
            return ModelCatalog.RequestFor(served);
        if (ModelId.IsValid(model))
            throw new UsageException(
                configuration.Models.Count == 0
                    ? $"'{model}' is no model reference, and the configuration has no models. Name a reference such as ./models/{model}/."
                    : $"'{model}' is no model of the configuration, which has: {string.Join(", ", configuration.Models.Keys.Order(StringComparer.Ordinal))}."
            );
        return new OnnxModelRequest(References.Parse(model))
        {
            Pull = new PullOptions { Offline = configuration.Offline },
        };
    }

    private static async Task<JsonDocument> ReadAsync(string input, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = input == "-" ? Console.OpenStandardInput() : File.OpenRead(input);
            return await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        }
        catch (JsonException malformed)
        {
            throw new UsageException($"The input '{input}' is not a JSON document: {malformed.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The input '{input}' cannot be read: {unreadable.Message}");
        }
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteText(CommandContext context, Answer answer)
    {
        foreach (var (name, value) in answer.Outputs)
            Terminal.Answer($"{name}: {value}");
        if (!context.Quiet)
            Terminal.Message(
                $"files: {answer.Files.ToString().ToLowerInvariant()}, {Sizes.Time(answer.FilesTime)}; load {Sizes.Time(answer.LoadTime)}; run {Sizes.Time(answer.RunTime)}"
            );
    }

    /// <summary>What either runtime answered: as a document, and each output as text.</summary>
    private sealed record Answer(
        Action<Utf8JsonWriter, string> Write,
        IReadOnlyList<(string Name, string Value)> Outputs,
        PullOutcome Files,
        TimeSpan FilesTime,
        TimeSpan LoadTime,
        TimeSpan RunTime
    );
}
