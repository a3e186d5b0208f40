using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs.Models;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Graphs.Tests.Models;

/// <summary>Models of which the graph is the hold on their files, and the settings a word.</summary>
internal sealed class FileLoader : IModelLoader<FileLoader.Loaded, string, string>
{
    /// <summary>What a load throws instead, once it has its files.</summary>
    public LarderException? Failure { get; set; }

    public EntryKey KeyOf(Manifest files, string settings) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "file",
                ["version"] = 1,
                ["manifest"] = files.Digest.ToString(),
                ["settings"] = settings,
            }
        );

    public GraphSize Estimate(Manifest files, string settings) => GraphSize.OfHost(files.SizeBytes);

    public Task<Loaded> LoadAsync(
        GraphLoad load,
        Snapshot files,
        ModelReference reference,
        string settings,
        CancellationToken cancellationToken
    ) => Failure is { } failure ? throw failure : Task.FromResult(new Loaded(files));

    public string Describe(Digest version, Loaded graph) => File.ReadAllText(Path.Combine(graph.Files.Path, "model"));

    internal sealed record Loaded(Snapshot Files) : IDisposable
    {
        public void Dispose() => Files.Dispose();
    }
}
