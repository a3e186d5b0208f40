using Larder.Graphs;
using Larder.Origins;
using Larder.Server.Configuration;

namespace Larder.Cli.Demo;

/// <summary>A directory of the demonstration's own: an origin with the sample model, an empty store, a configuration.</summary>
internal sealed class DemoWorkspace : IDisposable
{
    public const string ModelId = "house-prices";

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", ModelId, "v1");

    private readonly string _path;

    private DemoWorkspace(string path) => _path = path;

    /// <summary>Serves the model from the origin, through the store.</summary>
    public LarderConfiguration Configuration =>
        new()
        {
            Source = "the demonstration",
            Store = new ModelCacheOptions { StorePath = Path.Combine(_path, "store") },
            Graphs = new GraphCacheOptions(),
            Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal)
            {
                [ModelId] = new() { Id = ModelId, From = ModelReference.OfPath(Origin) },
            },
            Warnings = [],
        };

    /// <summary>The body of a request.</summary>
    public string ExampleFile => Path.Combine(Origin, "example.json");

    private string Origin => Path.Combine(_path, "origin", ModelId);

    public static DemoWorkspace Create()
    {
        if (!Directory.Exists(Sample))
            throw new UsageException(
                $"The sample model is missing: there is no '{Sample}'. Build or install larder again."
            );
        var workspace = new DemoWorkspace(Directory.CreateTempSubdirectory("larder-demo-").FullName);
        Directory.CreateDirectory(workspace.Origin);
        foreach (var file in Directory.EnumerateFiles(Sample))
            File.Copy(file, Path.Combine(workspace.Origin, Path.GetFileName(file)));
        return workspace;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
