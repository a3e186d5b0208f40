namespace Larder.Onnx.Native;

/// <summary>
/// What <see cref="OnnxModel"/> needs of a runtime, so that another binding can take the place of ours.
/// </summary>
internal interface IOnnxSession : IDisposable
{
    IReadOnlyList<TensorSpec> Inputs { get; }

    IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>
    /// Runs the model; safe for many callers at once, but never beside or after <see cref="IDisposable.Dispose"/>.
    /// </summary>
    /// <param name="inputs">One tensor per input, in the order of <see cref="Inputs"/>, checked against it.</param>
    /// <param name="outputs">The indexes of the outputs wanted, in the order wanted.</param>
    /// <param name="cancellationToken">Ends the run between two operators.</param>
    Tensor[] Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken);
}
