using System.Diagnostics.CodeAnalysis;

namespace Larder.Server.Models;

/// <summary>When the origin of a model is asked next in the background.</summary>
internal static class AskTimes
{
    // Before the version is no longer fresh, and not all models of a server at once, nor all servers of a team.
    private const double Earliest = 0.75;
    private const double Latest = 0.95;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);

    // What is fresh for longer than a server runs is not asked for again.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>After the origin has answered.</summary>
    public static DateTimeOffset AfterAnswer(ServedVersion version) =>
        version.IsFixed || version.Settings.Pull.FreshFor > Longest
            ? DateTimeOffset.MaxValue
            : version.Checked + (version.Settings.Pull.FreshFor * Between(Earliest, Latest));

    /// <summary>After it could not be asked, for so many times in a row.</summary>
    public static DateTimeOffset AfterFailure(DateTimeOffset now, int failures) =>
        now + (Shorter(FirstRetry * Math.Pow(2, Math.Min(failures, 10)), LastRetry) * Between(0.8, 1.2));

    /// <summary>Whether it is to be asked now.</summary>
    /// <remarks>A time farther off than any that is set here is one of before the clock was set back.</remarks>
    public static bool IsDue(DateTimeOffset askAt, TimeSpan freshFor, DateTimeOffset now) =>
        askAt <= now || (askAt - now > freshFor && askAt - now > LastRetry * 2);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [SuppressMessage("Security", "CA5394", Justification = "Nobody gains by guessing when an origin is asked.")]
    private static double Between(double least, double most) => least + (Random.Shared.NextDouble() * (most - least));
}
