namespace Larder.Recordings;

/// <summary>What the environment says of recordings.</summary>
/// <remarks>
/// <c>USE_DEPLOYMENT_CACHE</c> replays and <c>SAVE_DEPLOYMENT_CACHE</c> records; with both, what is missing is recorded and the
/// rest replayed; with none, calls are live. <c>LARDER_RECORDINGS=compare</c> compares instead. Where <c>CI</c> is set nothing
/// that is missing is recorded: it is an error.
/// </remarks>
public static class RecordingEnvironment
{
    internal const string Use = "USE_DEPLOYMENT_CACHE";
    internal const string Save = "SAVE_DEPLOYMENT_CACHE";
    internal const string Own = "LARDER_RECORDINGS";
    private const string ContinuousIntegration = "CI";

    /// <summary>The mode that the environment asks for.</summary>
    /// <param name="variable">Tells the value of a variable; null when it is not set.</param>
    /// <exception cref="RecordingException">A variable has a value that means nothing here.</exception>
    public static RecordingMode ModeOf(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var mode = (IsSet(variable, Use), IsSet(variable, Save)) switch
        {
            (false, false) => RecordingMode.Live,
            (true, false) => RecordingMode.Replay,
            (false, true) => RecordingMode.Record,
            (true, true) => RecordingMode.RecordMissing,
        };
        return variable(Own)?.Trim() switch
        {
            null or "" => mode,
            var text when text.Equals("compare", StringComparison.OrdinalIgnoreCase) => RecordingMode.Compare,
            var text => throw new RecordingException(
                $"{Own} is '{text}': it may be 'compare', or unset, so that {Use} and {Save} say what becomes of calls."
            ),
        };
    }

    /// <summary>The mode on this machine: on one of continuous integration nothing that is missing is recorded.</summary>
    internal static RecordingMode OnThisMachine(RecordingMode mode, Func<string, string?> variable) =>
        mode is RecordingMode.RecordMissing && IsContinuousIntegration(variable) ? RecordingMode.Replay : mode;

    // Others set it to a name or a number: whatever does not say no says yes.
    private static bool IsContinuousIntegration(Func<string, string?> variable) =>
        variable(ContinuousIntegration)?.Trim().ToUpperInvariant()
            is not (null or "" or "0" or "FALSE" or "NO" or "OFF");

    // What the prior system's settings took for yes and no.
    private static bool IsSet(Func<string, string?> variable, string name) =>
        variable(name)?.Trim().ToUpperInvariant() switch
        {
            null or "" or "0" or "FALSE" or "F" or "NO" or "N" or "OFF" => false,
            "1" or "TRUE" or "T" or "YES" or "Y" or "ON" => true,
            _ => throw new RecordingException(
                $"{name} is '{variable(name)}': it may be true or false (1 or 0, yes or no, on or off)."
            ),
        };
}
