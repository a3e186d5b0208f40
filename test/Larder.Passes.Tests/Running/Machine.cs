using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Running;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

/// <summary>A machine with a store of its own, which runs workflows on a model of an origin, and may share.</summary>
internal sealed class Machine : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SharedCache? _sharedCache;

    public Machine(
        FakeOrigin? origin = null,
        ISharedStore? shared = null,
        SharedCacheOptions? sharing = null,
        ShiftedTimeProvider? time = null,
        string? storePath = null,
        params IReadOnlyList<FakePass> passes
    )
    {
        Origin = origin ?? new FakeOrigin().Put("model.bin", TestBytes.Of(5000));
        Time = time ?? new ShiftedTimeProvider();
        Cache = new ModelCache(
            new ModelCacheOptions { StorePath = storePath ?? _directory["store"] },
            [Origin],
            Time,
            Log
        );
        // Leases of the team wait by the clock, which stands still here unless a test wants them.
        _sharedCache = shared is null
            ? null
            : new SharedCache(shared, sharing ?? new SharedCacheOptions { Leases = false }, Time, Log);
        Pass = passes.Count > 0 ? passes[0] : new FakePass();
        Runner = new WorkflowRunner(
            Cache,
            new PassSet(passes.Count > 0 ? passes : [Pass], [Evaluation]),
            _sharedCache,
            timeProvider: Time,
            loggerFactory: Log
        );
    }

    public FakeOrigin Origin { get; }

    public ShiftedTimeProvider Time { get; }

    public ModelCache Cache { get; }

    public FakePass Pass { get; }

    public FakeEvaluation Evaluation { get; } = new();

    public WorkflowRunner Runner { get; }

    public RecordingLoggerFactory Log { get; } = new();

    public string this[string relative] => _directory[relative];

    /// <summary>A workflow of fake passes, each with its options as JSON, on the origin's model.</summary>
    public Workflow Flow(params IReadOnlyList<string> configs) =>
        new()
        {
            Input = new WorkflowInput(FakeOrigin.Reference()),
            Passes =
            [
                .. configs.Select(
                    (config, index) => new WorkflowPass($"p{index + 1}", Pass.Name, JsonNode.Parse(config)!.AsObject())
                ),
            ],
            BaseDirectory = _directory.Path,
        };

    /// <summary>Runs a workflow and gives the lease on its result back.</summary>
    public async Task<WorkflowResult> RunAsync(Workflow workflow, RunOptions? options = null)
    {
        using var result = await Runner.RunAsync(workflow, options, TestContext.Current.CancellationToken);
        return result;
    }

    public Task<WorkflowResult> RunAsync(params IReadOnlyList<string> configs) => RunAsync(Flow(configs));

    /// <summary>Removes what the store has of a key of a pass.</summary>
    public async Task ForgetAsync(Digest key)
    {
        var entry = Cache.List().Single(model => model.Key == key);
        Assert.True(
            await Cache.RemoveAsync(
                EntryKey.Of(JsonNode.Parse(entry.Request)!.AsObject()),
                TestContext.Current.CancellationToken
            )
        );
    }

    /// <summary>Removes what the store has of a pass under whatever key.</summary>
    public async Task ForgetAllOfAsync(PassResult pass)
    {
        foreach (var entry in Cache.List().Where(model => model.Digest == pass.Manifest))
            await ForgetAsync(entry.Key);
    }

    public void Dispose()
    {
        _sharedCache?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Cache.Dispose();
        _directory.Dispose();
    }
}
