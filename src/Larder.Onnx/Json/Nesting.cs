using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder.Onnx.Json;

/// <summary>Nested arrays as a shape.</summary>
internal static class Nesting
{
    /// <summary>The shape that the first element of every level gives; null when it is nested too deep.</summary>
    public static long[]? Of(JsonElement json, int maxRank)
    {
        var shape = new List<long>();
        while (json.ValueKind == JsonValueKind.Array)
        {
            if (shape.Count == maxRank)
                return null;
            var length = json.GetArrayLength();
            shape.Add(length);
            if (length == 0)
                break;
            json = json[0];
        }
        return [.. shape];
    }

    /// <summary>Whether every level has the length that the shape says; adds a fault for each array that has not.</summary>
    public static bool IsRegular(JsonElement json, ReadOnlySpan<long> shape, string path, FaultList faults)
    {
        if (shape.IsEmpty || json.ValueKind != JsonValueKind.Array)
            return true;
        var regular = true;
        var index = 0;
        foreach (var inner in json.EnumerateArray())
        {
            var where = index++;
            var length = inner.ValueKind == JsonValueKind.Array ? inner.GetArrayLength() : -1;
            var expected = shape.Length > 1 ? shape[1] : -1;
            // A lone array among values is left to whoever reads the values: there the message can name the type.
            if (expected < 0 || (length == expected && IsRegular(inner, shape[1..], Step(path, where), faults)))
                continue;
            regular = false;
            if (length != expected)
                faults.Add(Step(path, where), Irregular(length, expected, $"{path}[0]"));
        }
        return regular;
    }

    /// <summary>The path of an element by its place in row-major order.</summary>
    public static string PathOf(string path, ReadOnlySpan<long> shape, long index)
    {
        var indexes = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            indexes[i] = index % shape[i];
            index /= shape[i];
        }
        var text = new StringBuilder(path);
        foreach (var one in indexes)
            text.Append(CultureInfo.InvariantCulture, $"[{one}]");
        return text.ToString();
    }

    private static string Step(string path, int index) => $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]";

    private static string Irregular(int length, long expected, string first) =>
        length < 0
            ? $"A single value stands where {first} is an array of {expected}."
            : $"The array has {length} elements and {first} has {expected}; all must have the same number.";
}
