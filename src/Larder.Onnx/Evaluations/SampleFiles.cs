using System.Globalization;
using System.Text.Json;

namespace Larder.Onnx.Evaluations;

/// <summary>Reads samples: a JSON file of one or of an array of them, or a directory of such files.</summary>
internal static class SampleFiles
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The samples one after the other, the files in the order of their names.</summary>
    /// <param name="path">The file or directory, absolute.</param>
    /// <exception cref="Passes.PassException">A file cannot be read, is no JSON, or there is no sample.</exception>
    public static IEnumerable<Sample> Read(string path)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal).ToList()
            : [path];
        return files.Count > 0
            ? files.SelectMany(ReadFile)
            : throw Measurement.Permanent($"There is no .json file in '{path}', which 'inputs' names.");
    }

    private static IEnumerable<Sample> ReadFile(string path)
    {
        var root = Parse(path);
        var name = Path.GetFileName(path);
        if (root.ValueKind != JsonValueKind.Array)
            return [new Sample(name, root)];
        return root.GetArrayLength() > 0
            ? root.EnumerateArray()
                .Select(
                    (json, place) => new Sample(string.Create(CultureInfo.InvariantCulture, $"{name}[{place}]"), json)
                )
            : throw Measurement.Permanent($"There is no sample in '{path}', which 'inputs' names.");
    }

    private static JsonElement Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file, Lenient);
            return document.RootElement.Clone();
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Measurement.Permanent($"The samples in '{path}' cannot be read: {wrong.Message}");
        }
    }
}
