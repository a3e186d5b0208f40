using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>A model in memory together with the hold on its files: weights in external files stay mapped while it lives.</summary>
internal sealed class LoadedModel(OnnxModel model, Snapshot files) : IAsyncDisposable
{
    public OnnxModel Model { get; } = model;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Model.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            files.Dispose();
        }
    }
}
