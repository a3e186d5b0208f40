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
        if (json.ValueKind != JsonValueKind.Array)
            return [];
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

    /// <summary>How many elements a shape has.</summary>
    public static long Count(long[] shape)
    {
        var count = 1L;
        foreach (var size in shape)
            count *= size;
        return count;
    }

    /// <summary>Whether every array has the length that the shape says; adds a fault for each that has not.</summary>
    public static bool IsRegular(JsonElement json, long[] shape, string path, FaultList faults) =>
        IsRegular(json, shape, new long[shape.Length], 0, path, faults);

    /// <summary>The path of an element by its place in row-major order.</summary>
    public static string PathOf(string path, ReadOnlySpan<long> shape, long place)
    {
        var indexes = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            indexes[i] = place % shape[i];
            place /= shape[i];
        }
        return PathOf(path, indexes);
    }

    // The indexes say where we are; they become a path only when there is a fault to tell.
    private static bool IsRegular(
        JsonElement json,
        long[] shape,
        long[] indexes,
        int depth,
        string path,
        FaultList faults
    )
    {
        // The elements of the innermost arrays are left to whoever reads them: there the message can name the type.
        if (depth + 1 >= shape.Length)
            return true;
        var expected = shape[depth + 1];
        var regular = true;
        indexes[depth] = 0;
        foreach (var inner in json.EnumerateArray())
        {
            var length = inner.ValueKind == JsonValueKind.Array ? inner.GetArrayLength() : -1;
            if (length == expected)
            {
                regular &= IsRegular(inner, shape, indexes, depth + 1, path, faults);
            }
            else
            {
                regular = false;
                var first = $"{PathOf(path, indexes.AsSpan(0, depth))}[0]";
                faults.Add(PathOf(path, indexes.AsSpan(0, depth + 1)), Irregular(length, expected, first));
            }
            indexes[depth]++;
        }
        return regular;
    }

    private static string PathOf(string path, ReadOnlySpan<long> indexes)
    {
        var text = new StringBuilder(path);
        foreach (var index in indexes)
            text.Append(CultureInfo.InvariantCulture, $"[{index}]");
        return text.ToString();
    }

    private static string Irregular(int length, long expected, string first) =>
        length < 0
            ? $"A single value stands where {first} is an array of {expected}."
            : $"The array has {length} elements and {first} has {expected}; all must have the same number.";
}
