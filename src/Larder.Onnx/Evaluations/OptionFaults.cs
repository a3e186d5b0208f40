using System.Globalization;

namespace Larder.Onnx.Evaluations;

/// <summary>Sentences for options that are out of range.</summary>
internal static class OptionFaults
{
    public static IEnumerable<(string Name, string Message)> Range(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            yield return (name, string.Create(CultureInfo.InvariantCulture, $"{value} is not from {least} to {most}."));
    }

    public static IEnumerable<(string Name, string Message)> Dimensions(IReadOnlyDictionary<string, int> dimensions) =>
        dimensions.SelectMany(dimension =>
            Range($"dimensions.{Content.Printable.Escape(dimension.Key)}", dimension.Value, 0, int.MaxValue)
        );
}
