namespace Larder.Onnx;

/// <summary>Which file of a snapshot is the model.</summary>
public static class OnnxFile
{
    private const string Extension = ".onnx";
    private const string DefaultName = "model.onnx";

    /// <summary>Chooses the configured file, else the only <c>.onnx</c> file, else <c>model.onnx</c>.</summary>
    /// <param name="relativePaths">The files of the snapshot.</param>
    /// <param name="configured">The file that the configuration names, or null.</param>
    /// <exception cref="OnnxFileException">The file is not there, or several could be meant.</exception>
    public static string Choose(IEnumerable<string> relativePaths, string? configured)
    {
        ArgumentNullException.ThrowIfNull(relativePaths);
        var paths = relativePaths.ToList();
        var models = paths
            .Where(path => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (!string.IsNullOrEmpty(configured))
        {
            return paths.Contains(configured, StringComparer.Ordinal)
                ? configured
                : throw new OnnxFileException($"The model has no file '{configured}'. {List(models)}", models);
        }
        if (models.Count == 1)
            return models[0];
        if (models.Contains(DefaultName, StringComparer.Ordinal))
            return DefaultName;
        throw new OnnxFileException(
            models.Count == 0
                ? List(models)
                : $"{List(models)} Name one of them as the model's file in the configuration.",
            models
        );
    }

    private static string List(List<string> models) =>
        models.Count == 0
            ? $"There is no {Extension} file among its files."
            : $"Its {Extension} files are: {string.Join(", ", models)}.";
}
