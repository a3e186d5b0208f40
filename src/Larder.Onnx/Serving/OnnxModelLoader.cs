using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Models;
using Larder.Onnx.Cold;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>Loads models for the cache of graphs.</summary>
internal sealed class OnnxModelLoader(ColdModels cold) : IModelLoader<LoadedModel, OnnxSettings, OnnxModelDescription>
{
    public EntryKey KeyOf(Manifest files, OnnxSettings settings) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "onnx-session",
                ["version"] = 1,
                ["manifest"] = files.Digest.ToString(),
                ["file"] = FileOf(files, settings),
                ["intra_op_threads"] = settings.IntraOpThreads,
            }
        );

    // The file, and whatever lies with it that is no other model: weights in files of their own lie beside it.
    public GraphSize Estimate(Manifest files, OnnxSettings settings)
    {
        var file = FileOf(files, settings);
        var folder = Path.GetDirectoryName(file);
        return GraphSize.OfHost(
            files
                .Files.Where(other =>
                    other.Path == file
                    || (
                        Path.GetDirectoryName(other.Path) == folder
                        && !other.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                    )
                )
                .Sum(other => other.SizeBytes)
        );
    }

    public async Task<LoadedModel> LoadAsync(
        GraphLoad load,
        Snapshot files,
        ModelReference reference,
        OnnxSettings settings,
        CancellationToken cancellationToken
    )
    {
        var loaded = await cold.LoadAsync(
                files,
                FileOf(files.Manifest, settings),
                settings.IntraOpThreads,
                cancellationToken
            )
            .ConfigureAwait(false);
        load.Size = GraphSize.OfHost(loaded.Model.SizeBytes);
        return loaded;
    }

    public OnnxModelDescription Describe(Digest version, LoadedModel graph) =>
        new(version, graph.Model.Inputs, graph.Model.Outputs);

    private static string FileOf(Manifest files, OnnxSettings settings) =>
        OnnxFile.Choose(files.Files.Select(file => file.Path), settings.File);
}
