using Larder.Passes;

namespace Larder.Onnx.Evaluations;

/// <summary>The option <c>inputs</c>: a file or directory whose content the figures depend on.</summary>
internal static class InputFiles
{
    public static string FullPath(string path, StepRequest step) => Path.GetFullPath(path, step.BaseDirectory);

    public static Dictionary<string, string> Of(string? path, StepRequest step) =>
        path is null ? new(StringComparer.Ordinal) : new(StringComparer.Ordinal) { [path] = FullPath(path, step) };

    public static IEnumerable<(string Name, string Message)> FaultsIn(string? path, StepRequest step)
    {
        if (path is not null && (path.Length == 0 || !Path.Exists(FullPath(path, step))))
            yield return (
                "inputs",
                $"There is no file or directory {Content.Printable.Quote(path)} in '{step.BaseDirectory}'."
            );
    }
}
