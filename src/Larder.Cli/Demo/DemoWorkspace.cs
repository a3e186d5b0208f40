using System.Text.Json;

namespace Larder.Cli.Demo;

/// <summary>A directory of the demonstration's own: an origin with the sample model, an empty store, a configuration.</summary>
internal sealed class DemoWorkspace : IDisposable
{
    public const string ModelId = "house-prices";

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", ModelId, "v1");

    private readonly string _path;

    private DemoWorkspace(string path) => _path = path;

    public string ConfigurationFile => Path.Combine(_path, "larder.json");

    /// <summary>The body of a request.</summary>
    public string ExampleFile => Path.Combine(Origin, "example.json");

    private string Origin => Path.Combine(_path, "origin", ModelId);

    public static DemoWorkspace Create()
    {
        if (!Directory.Exists(Sample))
            throw new UsageException($"The sample model is missing: there is no '{Sample}'. Build or install larder again.");
        var workspace = new DemoWorkspace(Directory.CreateTempSubdirectory("larder-demo-").FullName);
        Directory.CreateDirectory(workspace.Origin);
        foreach (var file in Directory.EnumerateFiles(Sample))
            File.Copy(file, Path.Combine(workspace.Origin, Path.GetFileName(file)));
        workspace.WriteConfiguration();
        return workspace;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private void WriteConfiguration()
    {
        using var file = File.Create(ConfigurationFile);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("store");
        json.WriteString("path", Path.Combine(_path, "store"));
        json.WriteEndObject();
        json.WriteStartObject("models");
        json.WriteStartObject(ModelId);
        json.WriteString("from", new Uri(Origin + "/").AbsoluteUri);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
