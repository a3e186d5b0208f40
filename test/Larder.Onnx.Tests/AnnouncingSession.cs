using Larder.Onnx.Native;

namespace Larder.Onnx.Tests;

/// <summary>A real session that tells when a run is about to begin.</summary>
internal sealed class AnnouncingSession : IOnnxSession
{
    private readonly IOnnxSession _inner;
    private readonly SemaphoreSlim _begun = new(0);

    public AnnouncingSession(IOnnxSession inner) => _inner = inner;

    public IReadOnlyList<TensorSpec> Inputs => _inner.Inputs;

    public IReadOnlyList<TensorSpec> Outputs => _inner.Outputs;

    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        _begun.Release();
        return _inner.Run(inputs, outputs, cancellationToken);
    }

    public Task HasBegunAsync() => _begun.WaitAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _begun.Dispose();
        _inner.Dispose();
    }
}
