using Larder.Content;
using Larder.Onnx;

namespace Larder.Server.Runtimes;

/// <summary>A model in use, for requests that bring tensors. It is not unloaded before this is disposed.</summary>
internal interface ITensorModel : IAsyncDisposable
{
    /// <summary>What runs it, as clients are told.</summary>
    string Platform { get; }

    /// <summary>The version of its files.</summary>
    Digest Version { get; }

    /// <summary>How long the files took.</summary>
    TimeSpan FilesTime { get; }

    /// <summary>How long the load took, or the wait for another's.</summary>
    TimeSpan LoadTime { get; }

    /// <summary>What it takes; null when it does not tell.</summary>
    IReadOnlyList<TensorSpec>? Inputs { get; }

    /// <summary>What it gives; null when it does not tell before it has answered.</summary>
    IReadOnlyList<TensorSpec>? Outputs { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for each input.</param>
    /// <param name="outputs">The outputs that are wanted; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those outputs at least, in the model's order.</returns>
    /// <exception cref="LarderException">The inputs do not fit, or there was no answer.</exception>
    Task<IReadOnlyDictionary<string, Tensor>> RunAsync(
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyList<string>? outputs,
        CancellationToken cancellationToken
    );
}
