using Larder.Onnx.Native;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests;

public sealed class OnnxModelCancelTests : IDisposable
{
    private static readonly Dictionary<string, Tensor> Input = Named.Inputs(("x", Named.Vector(1f, 2f)));

    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly AnnouncingSession _endless;

    public OnnxModelCancelTests()
    {
        File.WriteAllBytes(_directory["endless.onnx"], Models.Endless());
        _endless = new AnnouncingSession(
            OrtSession.Load(OrtRuntime.Get(null), _directory["endless.onnx"], new SessionSettings(1))
        );
    }

    public void Dispose()
    {
        _directory.Dispose();
        _cancellation.Dispose();
        _endless.Dispose();
    }

    [Fact]
    public async Task Run_CancelledOnTheWay_EndsARunThatWouldNeverEnd()
    {
        await using var model = new OnnxModel("endless", 0, _endless);
        var run = await StartAsync(model, _cancellation.Token);

        await _cancellation.CancelAsync();

        var failure = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(_cancellation.Token, failure.CancellationToken);
        Assert.IsType<OnnxException>(failure.InnerException);
    }

    [Fact]
    public async Task Run_OneOfTwoCancelled_TheOtherGoesOn()
    {
        await using var model = new OnnxModel("endless", 0, _endless);
        using var otherCancellation = new CancellationTokenSource();
        var run = await StartAsync(model, _cancellation.Token);
        var other = await StartAsync(model, otherCancellation.Token);

        await _cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);

        Assert.False(other.IsCompleted);
        await otherCancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => other);
    }

    [Fact]
    public async Task DisposeAsync_RunUnderWay_EndsWithTheRun()
    {
        var model = new OnnxModel("endless", 0, _endless);
        var run = await StartAsync(model, _cancellation.Token);

        var disposal = model.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        await _cancellation.CancelAsync();

        await disposal;
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public void Run_CancelledBefore_DoesNotRun()
    {
        using var model = new OnnxModel("endless", 0, _endless);
        _cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => model.Run(Input, _cancellation.Token));
    }

    [Fact]
    public void Run_TokenIsNotCancelled_GivesTheAnswerAndLaterRunsToo()
    {
        using var model = LoadIdentity();

        Assert.NotEmpty(model.Run(Input, _cancellation.Token));
        _cancellation.Cancel();
        Assert.NotEmpty(model.Run(Input, CancellationToken.None));
    }

    [Fact]
    public void Run_FailsWithoutCancellation_IsNotACancellation()
    {
        File.WriteAllBytes(
            _directory["pick.onnx"],
            new OnnxWriter("pick")
                .Input("index", OnnxType.Int64, 1)
                .Output("y", OnnxType.Float, 1)
                .Weight(OnnxTensor.Of("values", [2], 10f, 20f))
                .Node(new OnnxNode("Gather", ["values", "index"], ["y"]))
                .ToArray()
        );
        using var model = OnnxModel.Load(_directory["pick.onnx"]);

        Assert.Throws<InvalidInputsException>(() =>
            model.Run(Named.Inputs(("index", Named.Vector(7L))), _cancellation.Token)
        );
    }

    private async Task<Task> StartAsync(OnnxModel model, CancellationToken cancellationToken)
    {
        var run = OwnThread.Run(() => model.Run(Input, cancellationToken));
        await _endless.HasBegunAsync();
        return run;
    }

    private OnnxModel LoadIdentity()
    {
        File.WriteAllBytes(_directory["identity.onnx"], Models.Identity(OnnxType.Float));
        return OnnxModel.Load(_directory["identity.onnx"]);
    }
}
