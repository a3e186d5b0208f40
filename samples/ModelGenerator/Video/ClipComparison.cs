namespace ModelGenerator.Video;

/// <summary>How far two clips are apart.</summary>
public static class ClipComparison
{
    // The difference between white and black.
    private const double Peak = 2;

    /// <summary>The ratio of peak signal to noise in decibels: the higher, the more alike; infinite for equal clips.</summary>
    public static double Psnr(ReadOnlySpan<float> first, ReadOnlySpan<float> second) =>
        10 * Math.Log10(Peak * Peak * first.Length / SquaredDistance(first, second));

    /// <summary>The length of the difference over the length of what was expected.</summary>
    public static double RelativeDistance(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        var length = 0.0;
        foreach (var value in expected)
            length += (double)value * value;
        return Math.Sqrt(SquaredDistance(actual, expected) / length);
    }

    /// <summary>The sum of the squared differences.</summary>
    /// <exception cref="ArgumentException">The two are not of one length.</exception>
    public static double SquaredDistance(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException(
                $"{first.Length} values cannot be compared with {second.Length}.",
                nameof(second)
            );
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
            sum += ((double)first[i] - second[i]) * ((double)first[i] - second[i]);
        return sum;
    }
}
