using System.Runtime.InteropServices;
using System.Text.Json;

namespace Larder.Recordings.Answers;

/// <summary>Finds where two documents differ. The order of members does not count; digits do.</summary>
internal static class JsonDifference
{
    /// <summary>The path of the first difference; null when there is none.</summary>
    public static string? Find(JsonElement left, JsonElement right, string path = "$")
    {
        var rawLeft = JsonMarshal.GetRawUtf8Value(left);
        var rawRight = JsonMarshal.GetRawUtf8Value(right);
        if (rawLeft.SequenceEqual(rawRight))
            return null;
        if (left.ValueKind != right.ValueKind)
            return path;
        return left.ValueKind switch
        {
            JsonValueKind.Object => InObjects(left, right, path),
            JsonValueKind.Array => InArrays(left, right, path),
            JsonValueKind.String => left.GetString() == right.GetString() ? null : path,
            _ => path,
        };
    }

    /// <summary>The path of a member.</summary>
    public static string Member(string path, string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$')
            ? $"{path}.{name}"
            : $"{path}['{name}']";

    private static string? InObjects(JsonElement left, JsonElement right, string path)
    {
        foreach (var member in left.EnumerateObject())
        {
            var place = Member(path, member.Name);
            if (!right.TryGetProperty(member.Name, out var other))
                return place;
            if (Find(member.Value, other, place) is { } inner)
                return inner;
        }
        foreach (var member in right.EnumerateObject())
        {
            if (!left.TryGetProperty(member.Name, out _))
                return Member(path, member.Name);
        }
        return null;
    }

    private static string? InArrays(JsonElement left, JsonElement right, string path)
    {
        var count = Math.Min(left.GetArrayLength(), right.GetArrayLength());
        for (var i = 0; i < count; i++)
        {
            if (Find(left[i], right[i], $"{path}[{i}]") is { } inner)
                return inner;
        }
        return left.GetArrayLength() == right.GetArrayLength() ? null : path;
    }
}
