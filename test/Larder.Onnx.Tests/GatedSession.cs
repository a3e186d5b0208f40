using Larder.Onnx.Native;

namespace Larder.Onnx.Tests;

/// <summary>A session whose runs end when the test says so.</summary>
internal sealed class GatedSession : IOnnxSession
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _mayEnd = new(0);

    public IReadOnlyList<TensorSpec> Inputs => [];

    public IReadOnlyList<TensorSpec> Outputs => [];

    public int Disposals { get; private set; }

    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        _begun.Release();
        _mayEnd.Wait(cancellationToken);
        Assert.Equal(0, Disposals);
        return [];
    }

    public Task HasBegunAsync() => _begun.WaitAsync(TestContext.Current.CancellationToken);

    public void LetEnd() => _mayEnd.Release();

    public void Dispose()
    {
        Disposals++;
        _begun.Dispose();
        _mayEnd.Dispose();
    }
}
