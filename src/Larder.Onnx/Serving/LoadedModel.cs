using Larder.Derived;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>A model in memory together with the hold on its files: weights in external files stay mapped while it lives.</summary>
/// <remarks>
/// With an optimised copy the model's own files are held as well: who lists or clears models must see that it is in use, and
/// the next question to its origin wants them whole.
/// </remarks>
internal sealed class LoadedModel(OnnxModel model, Snapshot files, DerivedFiles? optimized = null) : IAsyncDisposable
{
    public OnnxModel Model { get; } = model;

    /// <summary>Whether an optimised copy was loaded in place of the model.</summary>
    public bool IsOptimizedCopy => optimized is not null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Model.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            optimized?.Dispose();
            files.Dispose();
        }
    }
}
