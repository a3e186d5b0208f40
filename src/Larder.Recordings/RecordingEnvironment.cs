namespace Larder.Recordings;

/// <summary>What the environment says of recordings.</summary>
/// <remarks>
/// <c>USE_DEPLOYMENT_CACHE</c> replays and <c>SAVE_DEPLOYMENT_CACHE</c> records; with both, what is missing is recorded and the
/// rest replayed; with none, calls are live. <c>LARDER_RECORDINGS=compare</c> compares instead. With <c>CI</c> set, a missing
/// recording is an error also where both are set.
/// </remarks>
public static class RecordingEnvironment
{
    /// <summary>The mode that the environment asks for.</summary>
    /// <param name="variable">Tells the value of a variable; null when it is not set.</param>
    /// <exception cref="RecordingException">A variable has a value that says neither yes nor no.</exception>
    public static RecordingMode ModeOf(Func<string, string?> variable) => throw new NotImplementedException();
}
