using System.Globalization;
using System.Text.Json.Nodes;

namespace HotPaths.Many;

/// <summary>Many models, no two of them the same, and a configuration that serves them.</summary>
internal static class ManyModels
{
    public static string Id(int model) => string.Create(CultureInfo.InvariantCulture, $"m{model:000}");

    /// <summary>Copies a model as often as it takes, each with a file of its own beside it, and writes the configuration.</summary>
    /// <returns>The path of the configuration.</returns>
    public static string Make(string model, string work, int count, int budget)
    {
        var models = new JsonObject();
        for (var i = 0; i < count; i++)
        {
            var directory = Directory.CreateDirectory(Path.Combine(work, "models", Id(i))).FullName;
            File.Copy(Path.Combine(model, "model.onnx"), Path.Combine(directory, "model.onnx"), overwrite: true);
            File.WriteAllText(Path.Combine(directory, "name.txt"), Id(i));
            models[Id(i)] = new JsonObject { ["from"] = new Uri(directory + "/").AbsoluteUri };
        }
        var configuration = new JsonObject
        {
            ["store"] = new JsonObject { ["path"] = Path.Combine(work, "store") },
            ["graphs"] = new JsonObject { ["max_graphs"] = budget },
            ["models"] = models,
        };
        var path = Path.Combine(work, "larder.json");
        File.WriteAllText(path, configuration.ToJsonString());
        return path;
    }

    /// <summary>Which models are asked for: the n-th as often as 1/n of the first.</summary>
    public static IEnumerable<int> Requests(int models, int count, int seed)
    {
        var random = new Random(seed);
        var sums = new double[models];
        var sum = 0.0;
        for (var i = 0; i < models; i++)
            sums[i] = sum += 1.0 / (i + 1);
        for (var i = 0; i < count; i++)
        {
            var found = Array.BinarySearch(sums, random.NextDouble() * sum);
            yield return Math.Min(models - 1, found < 0 ? ~found : found);
        }
    }
}
