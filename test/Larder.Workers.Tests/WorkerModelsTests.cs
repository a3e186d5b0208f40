using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.TestKit;
using static Larder.Workers.Tests.WorkerHarness;

namespace Larder.Workers.Tests;

[Trait("Category", "Integration")]
public sealed class WorkerModelsTests : IAsyncDisposable
{
    private const string Echo = """{"inputs": {"value": 5}}""";

    private readonly WorkerHarness _harness = new();
    private readonly FakeOrigin _origin = new();
    private readonly ModelCache _files;
    private readonly GraphCache _graphs;
    private readonly WorkerModels _models;

    public WorkerModelsTests()
    {
        _origin.Put("worker.py", File.ReadAllBytes(Script));
        _files = new ModelCache(new ModelCacheOptions { StorePath = _harness["store"] }, [_origin]);
        _graphs = new GraphCache(
            new GraphCacheOptions { MemoryPressure = null, ClassifyFailure = WorkerModels.ClassifyFailure }
        );
        _models = new WorkerModels(_files, _graphs);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _graphs.DisposeAsync();
        _files.Dispose();
        _harness.Dispose();
    }

    [Fact]
    public async Task Predict_ColdThenHot_StartsOneWorker()
    {
        var cold = await PredictAsync(Request(), Echo);
        var hot = await PredictAsync(Request(), Echo);

        Assert.Equal(5, hot.Outputs.GetProperty("echo").GetInt32());
        Assert.Equal(ProcessOf(cold), ProcessOf(hot));
        Assert.Equal((PullOutcome.Miss, false, false), (cold.Files, cold.FromCache, cold.GraphFromCache));
        Assert.Equal((PullOutcome.Hit, true, true), (hot.Files, hot.FromCache, hot.GraphFromCache));
        Assert.True(cold.LoadTime > hot.LoadTime);
        Assert.Equal(1, _origin.Listings);
        Assert.InRange(Assert.Single(_graphs.ListGraphs()).Size.TotalBytes, 5_000_000, 200_000_000);
    }

    [Fact]
    public async Task Predict_ManyAtOnce_StartOneWorker()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PredictAsync(Request(), Echo)));

        Assert.Single(answers.Select(ProcessOf).Distinct());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"inputs": [1]}""")]
    public async Task Predict_NoObjectOfInputs_IsAFaultAndStartsNothing(string body)
    {
        var failure = await Assert.ThrowsAsync<InvalidWorkerInputsException>(() => PredictAsync(Request(), body));

        Assert.Equal("inputs", Assert.Single(failure.Faults).Path);
        Assert.Equal(0, _origin.Listings);
    }

    [Fact]
    public async Task Predict_WorkerFailsAtItsStart_IsRememberedAndNotTriedAgain()
    {
        var request = Request(("START", "die"));
        var first = await Assert.ThrowsAsync<WorkerException>(() => PredictAsync(request, Echo));
        var second = await Assert.ThrowsAsync<GraphLoadException>(() => PredictAsync(request, Echo));

        Assert.Contains("no such library: tensorthing", first.Message, StringComparison.Ordinal);
        Assert.Same(first, second.InnerException);
        Assert.Equal(GraphFailureKind.Transient, second.Kind);
    }

    [Fact]
    public async Task Predict_ProgramIsMissing_IsPermanent()
    {
        var request = new WorkerModelRequest(FakeOrigin.Reference(), new WorkerProgram(["no-such-program"]));
        await Assert.ThrowsAsync<WorkerException>(() => PredictAsync(request, Echo));

        var second = await Assert.ThrowsAsync<GraphLoadException>(() => PredictAsync(request, Echo));

        Assert.Equal(GraphFailureKind.Permanent, second.Kind);
    }

    [Fact]
    public async Task Predict_WorkerDied_IsUnloadedAndTheNextRequestLoadsAnother()
    {
        var before = ProcessOf(await PredictAsync(Request(), Echo));

        await Assert.ThrowsAsync<WorkerException>(() => PredictAsync(Request(), """{"inputs": {"do": "die"}}"""));

        Assert.Empty(_graphs.ListGraphs());
        var after = await PredictAsync(Request(), Echo);
        Assert.False(after.GraphFromCache);
        Assert.NotEqual(before, ProcessOf(after));
    }

    [Fact]
    public async Task Idle_WorkerDied_IsUnloaded()
    {
        var process = ProcessOf(await PredictAsync(Request(), Echo));
        var gone = new TaskCompletionSource();
        _graphs.Happened += (_, happened) =>
        {
            if (happened.Kind is GraphEventKind.Disposed)
                gone.TrySetResult();
        };

        System.Diagnostics.Process.GetProcessById(process).Kill();

        await gone.Task.WaitAsync(Patience, Token);
        Assert.Empty(_graphs.ListGraphs());
        Assert.Null(_models.TryDescribe(Request()));
    }

    [Fact]
    public async Task Predict_NewVersion_HasAWorkerOfItsOwn()
    {
        var old = await PredictAsync(Request(), Echo);
        _origin.Put("notes.txt", [1]);

        var request = Request();
        var young = await PredictAsync(request with { Pull = request.Pull with { Refresh = true } }, Echo);

        Assert.NotEqual(old.Version, young.Version);
        Assert.NotEqual(ProcessOf(old), ProcessOf(young));
    }

    [Fact]
    public async Task Predict_AnotherReferenceToTheSameBytes_SharesTheWorker()
    {
        var one = await PredictAsync(Request(), Echo);
        var other = await PredictAsync(Request() with { Reference = FakeOrigin.Reference("other") }, Echo);

        Assert.Equal(ProcessOf(one), ProcessOf(other));
    }

    [Fact]
    public async Task Predict_Evicted_EndsTheWorker()
    {
        var process = ProcessOf(await PredictAsync(Request(), Echo));
        Assert.True(IsThere(process));

        Assert.True(await _models.UnloadAsync(FakeOrigin.Reference(), Token));

        Assert.False(IsThere(process));
        Assert.Empty(_graphs.ListGraphs());
    }

    [Fact]
    public async Task Dispose_Graphs_EndsTheWorkers()
    {
        var process = ProcessOf(await PredictAsync(Request(), Echo));

        await _graphs.DisposeAsync();

        Assert.False(IsThere(process));
    }

    [Fact]
    public async Task Predict_MoreThanTheBudget_MakesPlace()
    {
        await using var graphs = new GraphCache(new GraphCacheOptions { MaxGraphs = 1, MemoryPressure = null });
        var models = new WorkerModels(_files, graphs);
        using var body = JsonDocument.Parse(Echo);
        var one = ProcessOf(await models.PredictAsync(Request(("NAME", "one")), body.RootElement, Token));

        var two = ProcessOf(await models.PredictAsync(Request(("NAME", "two")), body.RootElement, Token));

        Assert.False(IsThere(one));
        Assert.True(IsThere(two));
    }

    [Fact]
    public async Task Warm_OneOfTwoFails_LoadsTheOther()
    {
        var warmths = await _models.WarmAsync([Request(), Request(("START", "die"))], Token);

        Assert.Equal(WarmOutcome.Loaded, warmths[0].Outcome);
        Assert.Equal(WarmOutcome.Failed, warmths[1].Outcome);
        var loaded = _models.TryDescribe(Request());
        Assert.Equal(("test", "do"), (loaded!.Name, Assert.Single(loaded.Inputs!).Name));
        Assert.True((await PredictAsync(Request(), Echo)).GraphFromCache);
    }

    [Fact]
    public void KeyFor_Program_HasAllButTheValuesOfVariables()
    {
        var program = Program(("SECRET", "hush-hush"));
        var digest = Digest.Of("a manifest"u8);

        var request = System.Text.Encoding.UTF8.GetString(program.KeyFor(digest).Request.Span);

        Assert.DoesNotContain("hush", request, StringComparison.Ordinal);
        Assert.Equal(program.KeyFor(digest), Program(("SECRET", "hush-hush")).KeyFor(digest));
        Assert.NotEqual(program.KeyFor(digest), Program(("SECRET", "other")).KeyFor(digest));
        Assert.NotEqual(program.KeyFor(digest), Program().KeyFor(digest));
        Assert.NotEqual(program.KeyFor(digest), program.KeyFor(Digest.Of("another"u8)));
        Assert.NotEqual(Program().KeyFor(digest), new WorkerProgram([Python, Script]) { Workers = 2 }.KeyFor(digest));
        Assert.NotEqual(Program().KeyFor(digest), new WorkerProgram([Python, Script, "-v"]).KeyFor(digest));
    }

    // From the snapshot, as a user would; not the script of the build.
    private static WorkerModelRequest Request(params (string Name, string Value)[] environment) =>
        new(
            FakeOrigin.Reference(),
            new WorkerProgram([Python, "{snapshot}/worker.py"])
            {
                Environment = environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
            }
        );

    private static int ProcessOf(WorkerPrediction prediction) => prediction.Outputs.GetProperty("process").GetInt32();

    private async Task<WorkerPrediction> PredictAsync(WorkerModelRequest request, string body)
    {
        using var document = JsonDocument.Parse(body);
        return await _models.PredictAsync(request, document.RootElement, Token).WaitAsync(Patience, Token);
    }
}
