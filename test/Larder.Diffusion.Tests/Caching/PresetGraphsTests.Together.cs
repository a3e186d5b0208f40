using System.Collections.Concurrent;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Presets;
using Larder.Graphs;
using Larder.Passes;
using Larder.Passes.Running;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Caching;

public sealed partial class PresetGraphsTests
{
    /// <summary>The graphs that count, those being loaded or disposed included.</summary>
    private int InMemory => _world.Graphs.GetStatistics().Devices.Sum(device => device.Graphs);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RentAsync_ManyThreads_PullMakeAndLoadOnce(string name)
    {
        var told = new Lines();
        var rents = Enumerable.Range(0, 32).Select(_ => Task.Run(() => _world.RentAsync(name, progress: told)));

        var leases = await Task.WhenAll(rents);

        Assert.Single(leases.Select(lease => lease.Graph).Distinct());
        Assert.Equal(2, _world.Loads);
        Assert.Single(_world.Origin.Opened, path => path == "denoiser.onnx");
        Assert.Equal(VideoPresets.Get(name).IsQuantized ? 1 : 0, told.All.Count);
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task RentAsync_ManyThreadsAndAllPresets_LoadEachOnce()
    {
        var names = Enumerable.Range(0, 90).Select(place => VideoPresets.Names[place % 15]);

        var leases = await Task.WhenAll(names.Select(name => Task.Run(() => _world.RentAsync(name))));

        Assert.Equal(15, leases.Select(lease => lease.Graph).Distinct().Count());
        Assert.Equal((15, 17), (_world.Presets.Count, _world.Loads));
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task RentAsync_LoadThatFails_FailsOnceForAllWhoWait_AndIsNotTriedAgainForALittle()
    {
        var loras = Loras(new LoraChoice(_world.PutLora("broken", "no LoRA at all"u8.ToArray())));
        await PullAsync();
        // Who makes the denoiser asks the origin for it: until all wait for that, it does not answer.
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        _world.Origin.Listing.Close();
        var failures = 0;
        var told = new TaskCompletionSource();
        _world.Graphs.Happened += (_, what) =>
        {
            if (what is { Kind: GraphEventKind.LoadFailed, Key.Kind: "video-models" })
            {
                Interlocked.Increment(ref failures);
                told.TrySetResult();
            }
        };
        var rents = Enumerable.Range(0, 16).Select(_ => _world.RentAsync("ic_lora", loras)).ToList();
        await _world.Origin.Listing.Reached;
        await AllWaitAsync(rents.Count);

        _world.Origin.Listing.Open();

        foreach (var rent in rents)
            Assert.Equal(PassFailure.Permanent, (await Assert.ThrowsAsync<PassException>(() => rent)).Failure);
        var remembered = await Assert.ThrowsAsync<GraphLoadException>(() => _world.RentAsync("ic_lora", loras));
        Assert.Contains("says that its header has", remembered.Message, StringComparison.Ordinal);
        await told.Task.WaitAsync(Token);
        Assert.Equal(1, failures);
        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task RentAsync_FirstCallerLeaves_TheLoadGoesOnForTheOthers()
    {
        var loras = Loras(new LoraChoice(_world.PutLora("purple")));
        await PullAsync();
        _world.Origin.Listing.Close();
        using var leaving = new CancellationTokenSource();
        var first = _world.RentAsync("ic_lora", loras, cancellationToken: leaving.Token);
        await _world.Origin.Listing.Reached;
        var second = _world.RentAsync("ic_lora", loras);
        await AllWaitAsync(2);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _world.Origin.Listing.Open();

        await using var lease = await second;
        Assert.Equal(2, _world.Loads);
        Assert.Equal(StepOutcome.Computed, Assert.Single(lease.Passes).Outcome);
        var video = await lease.Graph.VideoAsync(Red, 1);
        Assert.Equal(ClipColour.Purple, ClipReading.Of(video.Values.Span, Clip.FullSize)!.Colour);
    }

    [Fact]
    public async Task RentAsync_AllCallersLeave_HoldsNothing_AndCanBeAskedAgain()
    {
        var loras = Loras(new LoraChoice(_world.PutLora("purple")));
        await PullAsync();
        _world.Origin.Listing.Close();
        using var leaving = new CancellationTokenSource();
        var rent = _world.RentAsync("ic_lora", loras, cancellationToken: leaving.Token);
        await _world.Origin.Listing.Reached;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
        _world.Origin.Listing.Open();

        await using var again = await _world.RentAsync("ic_lora", loras);
        Assert.Equal(1, _world.Presets.Count);
        // The load that was given up ends in its own time; then the graph and its models are all there is.
        await UntilAsync(() => InMemory is 2);
        again.Dispose();
        await _world.Presets.ClearAsync(Token);
        Assert.Equal((0, false), (InMemory, _world.AnyLeased));
    }

    [Fact]
    public async Task RentAsync_AlreadyCancelled_DoesNothing()
    {
        _world.Origin.IsForbidden = true;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _world.RentAsync("distilled_fast", cancellationToken: new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public async Task Run_CancelledInTheMiddle_LeavesTheGraphUsable()
    {
        await using var lease = await _world.RentAsync("t2v_two_stages_adaptive");
        var expected = await lease.Graph.VideoAsync(Red, 4);
        using var cancellation = new CancellationTokenSource();
        var beside = lease.Graph.VideoAsync(Red, 4);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            lease.Graph.RunAsync(
                new GraphInputs().Set(PresetPorts.Prompt, Red),
                new GraphRunOptions { Progress = new CancelAt("denoise_stage2", 3, cancellation) },
                cancellation.Token
            )
        );

        Assert.Equal(expected.Values.ToArray(), (await beside).Values.ToArray());
        await using var again = await _world.RentAsync("t2v_two_stages_adaptive");
        Assert.Same(lease.Graph, again.Graph);
        Assert.Equal(expected.Values.ToArray(), (await again.Graph.VideoAsync(Red, 4)).Values.ToArray());
    }

    [Fact]
    public async Task Run_ManyCallersWithLeasesOfTheirOwn_EachIsAsAlone()
    {
        var clips = Clip.All.Where(clip => clip.Index % 6 == 0).ToArray();
        var alone = new List<float[]>();
        foreach (var clip in clips)
            alone.Add(await RunAsync(clip));

        var together = await Task.WhenAll(clips.Select(clip => Task.Run(() => RunAsync(clip))));

        Assert.Equal(alone, together);

        async Task<float[]> RunAsync(Clip clip)
        {
            await using var lease = await _world.RentAsync("distilled_fast_adaptive");
            return (await lease.Graph.VideoAsync(clip.Prompt, clip.Index)).Values.ToArray();
        }
    }

    // So that what comes after it asks the origin only for the denoiser's own files.
    private async Task PullAsync() =>
        (await _world.Files.PullAsync(PresetWorld.Request().Reference, cancellationToken: Token)).Dispose();

    // A miss is counted when a call has joined the load.
    private async Task AllWaitAsync(int callers)
    {
        while (_world.Graphs.Statistics.Misses < callers)
            await Task.Yield();
    }

    /// <summary>Waits until something holds; looked at again whenever something has happened to a graph.</summary>
    private async Task UntilAsync(Func<bool> holds)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Graphs.Happened += Look;
        if (!holds())
            await told.Task.WaitAsync(Token);
        _world.Graphs.Happened -= Look;

        void Look(object? sender, GraphEventArgs what)
        {
            if (holds())
                told.TrySetResult();
        }
    }

    /// <summary>What passes say while they run.</summary>
    private sealed class Lines : IProgress<WorkflowProgress>
    {
        public ConcurrentBag<string> All { get; } = [];

        public void Report(WorkflowProgress value)
        {
            if (value.Line is { } line)
                All.Add(line);
        }
    }

    private sealed class CancelAt(string node, int step, CancellationTokenSource cancellation)
        : IProgress<GraphProgress>
    {
        public void Report(GraphProgress value)
        {
            if (value.Node == node && value.State == NodeState.Stepped && value.Step == step)
                cancellation.Cancel();
        }
    }
}
