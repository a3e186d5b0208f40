namespace Larder.Recordings;

/// <summary>The recordings of a class or an assembly of tests, for any framework that makes a fixture and disposes it.</summary>
/// <remarks>Derive from it with a constructor without parameters: <c>class Replays() : RecordingsFixture(RecordingsOptions.Beside())</c>.</remarks>
public abstract class RecordingsFixture : IDisposable
{
    /// <summary>Opens the recordings.</summary>
    protected RecordingsFixture(RecordingsOptions options) => Recordings = new Recordings(options);

    /// <summary>The recordings, for all tests at once.</summary>
    public Recordings Recordings { get; }

    /// <summary>Writes down what was used.</summary>
    /// <exception cref="RecordingException">Answers have drifted from their recordings, in <see cref="RecordingMode.Compare"/>.</exception>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Recordings.Dispose();
        if (Recordings.Drifts is { Count: > 0 } drifts)
            throw new RecordingException(DriftMessage.Of(drifts));
    }
}
