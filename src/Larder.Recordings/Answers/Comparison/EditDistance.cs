namespace Larder.Recordings.Answers.Comparison;

/// <summary>How many characters must be put in, left out or replaced to make one text of another.</summary>
internal static class EditDistance
{
    /// <summary>The number of edits, or one more than the limit where it takes more.</summary>
    /// <remarks>The work is at most the shorter text's length times the limit: only a band around the diagonal can be that near.</remarks>
    public static int AtMost(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int limit)
    {
        var same = left.CommonPrefixLength(right);
        left = left[same..];
        right = right[same..];
        while (!left.IsEmpty && !right.IsEmpty && left[^1] == right[^1])
        {
            left = left[..^1];
            right = right[..^1];
        }
        if (left.Length > right.Length)
        {
            var longer = left;
            left = right;
            right = longer;
        }
        if (right.Length - left.Length > limit)
            return limit + 1;
        return left.IsEmpty ? right.Length : InBand(left, right, limit);
    }

    private static int InBand(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int limit)
    {
        var tooMany = limit + 1;
        var above = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            above[j] = Math.Min(j, tooMany);
        for (var i = 1; i <= left.Length; i++)
        {
            var first = Math.Max(1, i - limit);
            var last = Math.Min(right.Length, (int)Math.Min((long)i + limit, int.MaxValue));
            // What is beside the band counts as too far.
            row[first - 1] = first == 1 ? Math.Min(i, tooMany) : tooMany;
            var nearest = row[first - 1];
            for (var j = first; j <= last; j++)
            {
                var replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1), tooMany);
                nearest = Math.Min(nearest, row[j]);
            }
            if (last < right.Length)
                row[last + 1] = tooMany;
            if (nearest == tooMany)
                return tooMany;
            (above, row) = (row, above);
        }
        return above[right.Length];
    }
}
