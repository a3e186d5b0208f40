using Larder.Graphs;
using Larder.Onnx.Cold;
using Larder.Onnx.Serving;
using Larder.Onnx.Tests.Serving;

namespace Larder.Onnx.Tests.Cold;

/// <summary>The caches of one process.</summary>
internal sealed record ColdProcess(ModelCache Files, GraphCache Graphs, OnnxModels Models) : IAsyncDisposable
{
    /// <summary>The optimised copies in the store.</summary>
    public IReadOnlyList<CachedModel> Copies => [.. Files.List().Where(entry => entry.Kind == OptimizedRequest.Kind)];

    /// <summary>Loads the model, asks it something, and unloads it.</summary>
    public async Task<Loaded> LoadAsync(string? file = null)
    {
        var token = TestContext.Current.CancellationToken;
        Loaded loaded;
        await using (var lease = await Models.RentAsync(ServingWorld.Request() with { File = file }, token))
        {
            var x = new Tensor<float>(new float[] { 0.5f, -1f, 2f, 0.25f, 3f, 0f, -0.125f, 1f }, 2, 4);
            var y = (Tensor<float>)lease.Model.Run(new Dictionary<string, Tensor> { ["x"] = x }, token)["y"];
            loaded = new Loaded(
                lease.IsOptimizedCopy,
                y.Span.ToArray(),
                lease.Version,
                [.. lease.Model.Inputs.Select(input => $"{input.Name}: {input}")]
            );
        }
        await Models.UnloadAsync(ServingWorld.Reference(), token);
        return loaded;
    }

    public async ValueTask DisposeAsync()
    {
        await Graphs.DisposeAsync();
        Files.Dispose();
    }

    public sealed record Loaded(bool IsCopy, float[] Outputs, Content.Digest Version, IReadOnlyList<string> Inputs);
}
