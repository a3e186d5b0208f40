namespace Larder.Recordings.Files;

/// <summary>Says what is wrong with a file of recordings, and what to do.</summary>
internal static class Damage
{
    /// <summary>What helps with any recording.</summary>
    public const string RecordAnew = "record it anew with SAVE_DEPLOYMENT_CACHE=true, USE_DEPLOYMENT_CACHE=false";

    private const string Remedy = $"Take it from version control again, or {RecordAnew}";

    /// <summary>The failure for a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="problem">What is wrong, as a part of a sentence.</param>
    /// <param name="remedy">What to do, without a full stop; null for what helps with any.</param>
    /// <param name="inner">The cause.</param>
    public static RecordingDamagedException Of(
        string file,
        string problem,
        string? remedy = null,
        Exception? inner = null
    ) => new($"{Beginning(file)}{problem}. {remedy ?? Remedy}.", file, inner);

    /// <summary>What a failure says without naming the file, for a list that does.</summary>
    public static string ProblemOf(RecordingDamagedException damaged)
    {
        var beginning = Beginning(damaged.File);
        return damaged.Message.StartsWith(beginning, StringComparison.Ordinal)
            ? $"{char.ToUpperInvariant(damaged.Message[beginning.Length])}{damaged.Message[(beginning.Length + 1)..]}"
            : damaged.Message;
    }

    private static string Beginning(string file) => $"The recording '{file}' cannot be used: ";
}
