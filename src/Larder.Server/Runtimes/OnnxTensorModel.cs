using Larder.Content;
using Larder.Onnx;
using Larder.Onnx.Serving;

namespace Larder.Server.Runtimes;

/// <summary>An ONNX model, which takes tensors as they are.</summary>
internal sealed class OnnxTensorModel(OnnxModelLease lease) : ITensorModel
{
    public string Platform => "onnxruntime_onnx";

    public Digest Version => lease.Version;

    public TimeSpan FilesTime => lease.FilesTime;

    public TimeSpan LoadTime => lease.LoadTime;

    public IReadOnlyList<TensorSpec> Inputs => lease.Model.Inputs;

    public IReadOnlyList<TensorSpec> Outputs => lease.Model.Outputs;

    public Task<IReadOnlyDictionary<string, Tensor>> RunAsync(
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyList<string>? outputs,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            outputs is null
                ? lease.Model.Run(inputs, cancellationToken)
                : lease.Model.Run(inputs, outputs, cancellationToken)
        );

    public ValueTask DisposeAsync() => lease.DisposeAsync();
}
