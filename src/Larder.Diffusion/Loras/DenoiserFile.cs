using Larder.Passes.Running;

namespace Larder.Diffusion.Loras;

/// <summary>A denoiser that is ready to be loaded, held in the store until this is disposed.</summary>
/// <remarks>One that nothing is made of is a file of the models' snapshot, which the caller holds himself.</remarks>
public sealed class DenoiserFile : IDisposable
{
    private readonly WorkflowResult? _made;

    internal DenoiserFile(string path, WorkflowResult? made)
    {
        Path = path;
        _made = made;
    }

    /// <summary>The absolute path of the ONNX file.</summary>
    public string Path { get; }

    /// <summary>What was done, pass by pass, and which store had the answer; none where nothing was to be done.</summary>
    public IReadOnlyList<PassResult> Passes => _made?.Passes ?? [];

    /// <summary>Gives the lease back; does nothing the second time.</summary>
    public void Dispose() => _made?.Dispose();
}
