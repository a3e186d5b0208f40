using System.CommandLine;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Pull;
using Larder.Server;
using Larder.Server.Configuration;
using Larder.Server.Predictions;
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
        var request = Request(context.Configuration, model);
        using var cache = context.OpenCache();
        await using var graphs = new GraphCache(context.Configuration.Graphs);
        var prediction = await PredictAsync(
            context,
            new OnnxModels(
                cache,
                graphs,
                options: context.Configuration.Onnx,
                logger: context.LoggerFactory.CreateLogger<OnnxModels>()
            ),
            request,
            body.RootElement,
            cancellationToken
        );
        if (context.Json)
            Terminal.Json(json => PredictionDocument.Write(json, model, prediction));
        else
            WriteText(context, prediction);
        await cache.FlushAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<Prediction> PredictAsync(
        CommandContext context,
        OnnxModels models,
        OnnxModelRequest request,
        JsonElement body,
        CancellationToken cancellationToken
    )
    {
        // Ended before the answer is written: a bar that ends clears the lines where it was.
        await using var display = context.Quiet ? null : new TransferDisplay(request.Reference.Text);
        var pull = request.Pull with { Progress = display };
        return await models.PredictAsync(request with { Pull = pull }, body, cancellationToken);
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

    private static void WriteText(CommandContext context, Prediction prediction)
    {
        foreach (var spec in prediction.Specs)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
                TensorJson.WritePrediction(json, prediction.Outputs[spec.Name]);
            Terminal.Answer($"{spec.Name}: {System.Text.Encoding.UTF8.GetString(buffer.ToArray())}");
        }
        if (!context.Quiet)
            Terminal.Message(
                $"files: {prediction.Files.ToString().ToLowerInvariant()}, {Sizes.Time(prediction.FilesTime)}; load {Sizes.Time(prediction.LoadTime)}; run {Sizes.Time(prediction.RunTime)}"
            );
    }
}
