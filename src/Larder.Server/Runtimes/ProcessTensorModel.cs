using Larder.Content;
using Larder.Onnx;
using Larder.Workers.Serving;

namespace Larder.Server.Runtimes;

/// <summary>Workers, which take and give JSON values: tensors are made of them, and they of tensors.</summary>
internal sealed class ProcessTensorModel(WorkersLease lease, TimeSpan requestTimeout) : ITensorModel
{
    public string Platform => ProcessRuntime.RuntimeName;

    public Digest Version => lease.Version;

    public TimeSpan FilesTime => lease.FilesTime;

    public TimeSpan LoadTime => lease.LoadTime;

    public IReadOnlyList<TensorSpec>? Inputs { get; } = ProcessRuntime.SpecsOf(lease.Inputs);

    public IReadOnlyList<TensorSpec>? Outputs { get; } = ProcessRuntime.SpecsOf(lease.Outputs);

    public async Task<IReadOnlyDictionary<string, Tensor>> RunAsync(
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyList<string>? outputs,
        CancellationToken cancellationToken
    )
    {
        using var values = WorkerTensors.Write(inputs, Inputs);
        var answer = await lease.RunAsync(values.RootElement, requestTimeout, cancellationToken);
        return WorkerTensors.Read(answer, Outputs, outputs);
    }

    public ValueTask DisposeAsync() => lease.DisposeAsync();
}
