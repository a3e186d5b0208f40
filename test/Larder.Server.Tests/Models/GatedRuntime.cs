using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Runtimes;
using Larder.TestKit;

namespace Larder.Server.Tests.Models;

/// <summary>A runtime whose loads and runs pass where the test lets them, and whose answer is the version that gave it.</summary>
internal sealed class GatedRuntime(ModelCache files, GraphCache graphs) : IModelRuntime
{
    public const string RuntimeName = "gated";

    private readonly ConcurrentDictionary<Digest, Exception> _failures = new();

    public string Name => RuntimeName;

    /// <summary>Passed by every load.</summary>
    public Gate Loading { get; } = new();

    /// <summary>Passed by every prediction, with its lease in its hands.</summary>
    public Gate Running { get; } = new();

    /// <summary>What a graph is taken for to have.</summary>
    public long SizeBytes { get; set; } = 100;

    public void Break(Digest version, Exception failure) => _failures[version] = failure;

    public void Mend(Digest version) => _failures.TryRemove(version, out _);

    public async Task<IModelAnswer> PredictAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    )
    {
        using var pulled = await files.PullAsync(model.From, model.Pull, cancellationToken);
        await using var lease = await graphs.RentAsync(Wish(model, pulled.Digest), cancellationToken);
        await Running.PassAsync(cancellationToken);
        return new GatedAnswer(
            lease.Graph.Version,
            model.IsStale ? PullOutcome.Stale : pulled.Outcome,
            pulled.FromCache,
            lease.FromCache
        );
    }

    public Task<IModelAnswer> PredictEachAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    ) => PredictAsync(model, body, cancellationToken);

    public Task<ITensorModel> RentAsync(ServedModel model, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No test asks this runtime with tensors.");

    public ModelDescription? TryDescribe(ServedModel model) =>
        TryFindGraph(model) is { } key && graphs.Describe(key).Loaded is not null
            ? new ModelDescription(VersionOf(model)!.Value, Inputs: null, Outputs: null)
            : null;

    public EntryKey? TryFindGraph(ServedModel model) => VersionOf(model) is { } version ? KeyOf(version) : null;

    public async Task<ModelLoad> LoadAsync(ServedModel model, CancellationToken cancellationToken)
    {
        using var pulled = await files.PullAsync(model.From, model.Pull, cancellationToken);
        await using var lease = await graphs.RentAsync(Wish(model, pulled.Digest), cancellationToken);
        return new ModelLoad(
            pulled.Digest,
            pulled.Outcome,
            pulled.FromCache,
            lease.FromCache,
            TimeSpan.Zero,
            TimeSpan.Zero
        );
    }

    public async Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<ServedModel> models,
        CancellationToken cancellationToken
    )
    {
        var wishes = new List<GraphRequest>();
        foreach (var model in models)
        {
            using var pulled = await files.PullAsync(model.From, model.Pull, cancellationToken);
            wishes.Add(Wish(model, pulled.Digest));
        }
        var warmths = await graphs.WarmAsync(wishes, cancellationToken);
        return [.. wishes.Select(wish => warmths.Single(warmth => warmth.Key.Equals(wish.Key)))];
    }

    public async Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken) =>
        TryFindGraph(model) is not { } key
        || await graphs.RemoveAsync(key, cancellationToken) is not EvictOutcome.InUse;

    private Digest? VersionOf(ServedModel model) => model.Pull.Digest ?? files.Find(model.From, model.Pull)?.Digest;

    private GraphRequest<LoadedVersion> Wish(ServedModel model, Digest version) =>
        new(
            KeyOf(version),
            async (_, cancellationToken) =>
            {
                await Loading.PassAsync(cancellationToken);
                return _failures.TryGetValue(version, out var failure) ? throw failure : new LoadedVersion(version);
            }
        )
        {
            Name = model.Id,
            EstimatedSize = GraphSize.OfHost(SizeBytes),
        };

    private static EntryKey KeyOf(Digest version) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "gated",
                ["version"] = 1,
                ["manifest"] = version.ToString(),
            }
        );

    private sealed record LoadedVersion(Digest Version);
}
