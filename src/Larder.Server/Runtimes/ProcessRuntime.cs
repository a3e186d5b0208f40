using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Workers;

namespace Larder.Server.Runtimes;

/// <summary>Models behind worker processes: nothing of them is loaded in this one.</summary>
internal sealed class ProcessRuntime(WorkerModels workers) : IModelRuntime
{
    public const string RuntimeName = "process";

    public string Name => RuntimeName;

    /// <summary>What the caches are asked for a model.</summary>
    public static WorkerModelRequest RequestFor(ServedModel model) =>
        new(model.From, model.Worker ?? throw NoProgram(model))
        {
            Pull = model.Pull,
            Name = model.Id,
            HitOutcome = model.IsStale ? PullOutcome.Stale : PullOutcome.Hit,
        };

    /// <summary>What a worker tells of its values, as every model's are described.</summary>
    public static IReadOnlyList<TensorSpec>? SpecsOf(IReadOnlyList<WorkerValue>? values) =>
        values is null ? null : [.. values.Select(SpecOf)];

    public async Task<IModelAnswer> PredictAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    ) => new ProcessAnswer(await workers.PredictAsync(RequestFor(model), body, cancellationToken));

    public async Task<IModelAnswer> PredictEachAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    )
    {
        var predictions = await workers.PredictEachAsync(RequestFor(model), body, cancellationToken);
        return new ModelAnswers([.. predictions.Select(prediction => new ProcessAnswer(prediction))]);
    }

    public async Task<ITensorModel> RentAsync(ServedModel model, CancellationToken cancellationToken)
    {
        var request = RequestFor(model);
        return new ProcessTensorModel(
            await workers.RentAsync(request, cancellationToken),
            request.Program.RequestTimeout
        );
    }

    public ModelDescription? TryDescribe(ServedModel model) =>
        workers.TryDescribe(RequestFor(model)) is { } loaded
            ? new ModelDescription(loaded.Version, SpecsOf(loaded.Inputs), SpecsOf(loaded.Outputs))
            : null;

    public EntryKey? TryFindGraph(ServedModel model) => workers.TryFindGraph(RequestFor(model));

    public async Task<ModelLoad> LoadAsync(ServedModel model, CancellationToken cancellationToken)
    {
        await using var lease = await workers.RentAsync(RequestFor(model), cancellationToken);
        return new ModelLoad(
            lease.Version,
            lease.Files,
            lease.FromCache,
            lease.GraphFromCache,
            lease.FilesTime,
            lease.LoadTime
        );
    }

    public Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<ServedModel> models,
        CancellationToken cancellationToken
    ) => workers.WarmAsync([.. models.Select(RequestFor)], cancellationToken);

    public Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken) =>
        workers.UnloadAsync(model.From, cancellationToken);

    private static TensorSpec SpecOf(WorkerValue value) =>
        new(
            value.Name,
            Enum.Parse<TensorElementType>(value.Type, ignoreCase: true),
            [.. (value.Shape ?? []).Select(dimension => new Dimension(dimension.Size, dimension.Name))]
        )
        {
            HasShape = value.Shape is not null,
        };

    private static ArgumentException NoProgram(ServedModel model) =>
        new($"The model '{model.Id}' of the runtime '{RuntimeName}' has no program to start.", nameof(model));
}
