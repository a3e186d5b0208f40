using System.Globalization;
using Larder.Content.Tensors;

namespace Larder.Recordings.Answers.Comparison;

/// <summary>Compares tensors element by element and tells of all differences in one sentence.</summary>
internal static class TensorDifference
{
    /// <summary>What differs, as <c>3 of 64 elements differ, the most at [1, 2]: 0.5 was recorded, 0.7 came</c>; null when nothing does.</summary>
    public static string? Find(ITensorContent recorded, ITensorContent live, Closeness closeness)
    {
        if (recorded.ElementType != live.ElementType || !recorded.Shape.SequenceEqual(live.Shape))
            return $"{Name(recorded)} was recorded, {Name(live)} came";
        if (recorded.Bytes.Span.SequenceEqual(live.Bytes.Span))
            return null;
        // What follows the type itself, such as the rate of samples, was compared with it.
        return recorded.ElementType.Split(' ')[0] switch
        {
            "float32" => Compare<float>(recorded, live, value => value, closeness),
            "float64" => Compare<double>(recorded, live, value => value, closeness),
            "float16" => Compare<Half>(recorded, live, value => (double)value, closeness),
            "int8" => Compare<sbyte>(recorded, live, value => value, closeness),
            "int16" => Compare<short>(recorded, live, value => value, closeness),
            "int32" => Compare<int>(recorded, live, value => value, closeness),
            "int64" => Compare<long>(recorded, live, value => value, closeness),
            "uint8" => Compare<byte>(recorded, live, value => value, closeness),
            "uint16" => Compare<ushort>(recorded, live, value => value, closeness),
            "uint32" => Compare<uint>(recorded, live, value => value, closeness),
            "uint64" => Compare<ulong>(recorded, live, value => value, closeness),
            "bool" => Compare<byte>(recorded, live, value => value, default),
            _ => CompareTexts(
                TensorTexts.TextsOf(recorded.Bytes.Span),
                TensorTexts.TextsOf(live.Bytes.Span),
                live.Shape
            ),
        };
    }

    private static string? Compare<T>(
        ITensorContent recorded,
        ITensorContent live,
        Func<T, double> number,
        Closeness closeness
    )
        where T : unmanaged, IEquatable<T>
    {
        var before = LittleEndian.ElementsOf<T>(recorded.Bytes.Span);
        var now = LittleEndian.ElementsOf<T>(live.Bytes.Span);
        var different = 0;
        var largest = -1.0;
        var place = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var (was, came) = (number(before[i]), number(now[i]));
            // Two large integers may be one double; that is near enough only where nearness is asked for.
            if (before[i].Equals(now[i]) || (closeness.Holds(was, came) && (was != came || closeness != default)))
                continue;
            different++;
            var difference = Math.Abs(was - came);
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            if (difference > largest)
                (largest, place) = (difference, i);
        }
        return different == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{different} of {before.Length} elements differ, the most at {Place(place, recorded.Shape)}: {before[place]} was recorded, {now[place]} came"
            );
    }

    private static string? CompareTexts(string[] recorded, string[] live, IReadOnlyList<long> shape)
    {
        int[] different = [.. Enumerable.Range(0, recorded.Length).Where(i => recorded[i] != live[i])];
        return different is [var first, ..]
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{different.Length} of {recorded.Length} elements differ, the first at {Place(first, shape)}: {Shown.Text(recorded[first])} was recorded, {Shown.Text(live[first])} came"
            )
            : null;
    }

    private static string Name(ITensorContent tensor) => $"{tensor.ElementType}[{string.Join(',', tensor.Shape)}]";

    private static string Place(int index, IReadOnlyList<long> shape)
    {
        var place = new long[shape.Count];
        long rest = index;
        for (var i = shape.Count - 1; i >= 0; i--)
            (rest, place[i]) = Math.DivRem(rest, shape[i]);
        return $"[{string.Join(", ", place)}]";
    }
}
