using System.Globalization;
using Larder.Server.Configuration;

namespace Larder.Cli;

/// <summary>Sizes, times and numbers of the command line.</summary>
internal static class Amounts
{
    /// <summary>A size; null when none is given.</summary>
    public static long? Size(string? text)
    {
        if (text is null)
            return null;
        return DataSize.TryParse(text, out var bytes)
            ? bytes
            : throw new UsageException(
                $"'{text}' is not a size: a number of bytes, or such as '500 MB', '20 GB', '1 TiB'."
            );
    }

    /// <summary>A whole number.</summary>
    public static long Whole(string option, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{option} is '{text}': it can be a whole number from {least} to {most}."
                )
            );

    /// <summary>A length of time; null when none is given.</summary>
    public static TimeSpan? Time(string? text)
    {
        if (text is null)
            return null;
        return Duration.TryParse(text, out var time)
            ? time
            : throw new UsageException($"'{text}' is not a time: such as '30d', '12 h' or '90 min'.");
    }
}
