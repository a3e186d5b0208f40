using Larder.TestKit;

namespace Larder.Onnx.Tests;

public sealed class OnnxModelDisposeTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task DisposeAsync_RunsUnderWay_WaitsForTheLast()
    {
        var session = new GatedSession();
        var model = new OnnxModel("gated", 0, session);
        var runs = new[]
        {
            OwnThread.Run(() => model.Run(Named.Inputs())),
            OwnThread.Run(() => model.Run(Named.Inputs())),
        };
        await session.HasBegunAsync();
        await session.HasBegunAsync();

        var disposal = model.DisposeAsync().AsTask();
        session.LetEnd();
        await Task.WhenAny(runs);
        Assert.False(disposal.IsCompleted);
        Assert.Equal(0, session.Disposals);
        session.LetEnd();
        await Task.WhenAll(runs);

        await disposal;
        Assert.Equal(1, session.Disposals);
    }

    [Fact]
    public async Task Dispose_RunUnderWay_BlocksUntilItsEnd()
    {
        var session = new GatedSession();
        var model = new OnnxModel("gated", 0, session);
        var run = OwnThread.Run(() => model.Run(Named.Inputs()));
        await session.HasBegunAsync();

        var disposal = OwnThread.Run(model.Dispose);
        Assert.Equal(0, session.Disposals);
        session.LetEnd();

        await disposal;
        await run;
    }

    [Fact]
    public async Task Run_DisposalHasBegun_Throws()
    {
        var session = new GatedSession();
        var model = new OnnxModel("gated", 0, session);
        var run = OwnThread.Run(() => model.Run(Named.Inputs()));
        await session.HasBegunAsync();
        var disposal = model.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => model.Run(Named.Inputs()));

        session.LetEnd();
        await run;
        await disposal;
    }

    [Fact]
    public async Task Run_Fails_DoesNotHoldUpDisposal()
    {
        var session = new GatedSession();
        var model = new OnnxModel("gated", 0, session);
        Assert.Throws<InvalidInputsException>(() => model.Run(Named.Inputs(("x", Named.Column(1)))));

        await model.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_Twice_IsHarmless()
    {
        var model = Load(Models.SumAndProduct());

        model.Dispose();
        await model.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() =>
            model.Run(Named.Inputs(("a", Named.Column(1)), ("b", Named.Column(1))))
        );
        Assert.Equal(2, model.Inputs.Count);
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Run_ManyThreadsAtOnce_EachGetsItsOwnAnswerUntilDisposal()
    {
        const int Threads = 8;
        const int RunsBeforeDisposal = 5_000;
        var model = Load(Models.SumAndProduct());
        var done = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runners = Enumerable
            .Range(1, Threads)
            .Select(size => OwnThread.Run(() => Assert.Throws<ObjectDisposedException>(() => RunForEver(size))))
            .ToArray();
        await enough.Task;

        await model.DisposeAsync();

        await Task.WhenAll(runners);

        // A batch of a size of its own for each thread, so that a mix-up of runs would show in the shape too.
        void RunForEver(int size)
        {
            var column = Named.Column([.. Enumerable.Repeat((float)size, size)]);
            while (true)
            {
                var product = (Tensor<float>)model.Run(Named.Inputs(("a", column), ("b", column)))["product"];
                Assert.Equal(Enumerable.Repeat((float)size * size, size), product.Data.ToArray());
                if (Interlocked.Increment(ref done) == RunsBeforeDisposal)
                    enough.SetResult();
            }
        }
    }

    [Fact]
    public void Load_NeverDisposed_IsFreedByItsFinaliser()
    {
        for (var i = 0; i < 10; i++)
            Load(Models.SumAndProduct()).Run(Named.Inputs(("a", Named.Column(1)), ("b", Named.Column(1))));

        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private OnnxModel Load(byte[] bytes)
    {
        File.WriteAllBytes(_directory["model.onnx"], bytes);
        return OnnxModel.Load(_directory["model.onnx"]);
    }
}
