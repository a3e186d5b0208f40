namespace Larder;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    // Longer than any name that people type; bounds the work that a caller can ask for.
    private const int MaxLength = 64;

    /// <summary>The known name that is the fewest edits away; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
            return null;
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var candidate in known.Where(candidate => candidate.Length <= MaxLength))
        {
            var edits = Edits(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            // Two edits are two swapped letters; of a very short name they would leave nothing.
            var near = Math.Min(candidate.Length / 2, Math.Max(2, candidate.Length / 3));
            if (edits <= near && edits < fewest)
                (nearest, fewest) = (candidate, edits);
        }
        return nearest;
    }

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        var row = new int[to.Length + 1];
        for (var j = 0; j < row.Length; j++)
            row[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
