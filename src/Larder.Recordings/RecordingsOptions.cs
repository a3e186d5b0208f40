using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Larder.Recordings;

/// <summary>Where recordings lie, and what may be in them.</summary>
public sealed class RecordingsOptions
{
    /// <summary>The directory of the recordings; made when the first is written.</summary>
    public required string Directory { get; set; }

    /// <summary>What becomes of calls; null, the default, for what the environment says.</summary>
    /// <remarks>See <see cref="RecordingEnvironment"/>.</remarks>
    public RecordingMode? Mode { get; set; }

    /// <summary>
    /// The directory that paths in requests and answers are relative to; null, the default, for the nearest one at or above
    /// <see cref="Directory"/> that has a <c>.git</c>, else <see cref="Directory"/> itself.
    /// </summary>
    public string? Root { get; set; }

    /// <summary>How answers are read and written; null, the default, for JSON's own defaults.</summary>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>What is never written, nor counted in a request.</summary>
    public RedactionRules Redaction { get; } = new();

    /// <summary>Types of answers and arguments that are recorded as another type.</summary>
    public RecordedForms Forms { get; } = new();

    /// <summary>Types that an answer may have where its declaration is a base class, an interface or <c>object</c>.</summary>
    public ICollection<Type> Types { get; } = [];

    /// <summary>
    /// Exceptions that come back as themselves, besides those of .NET and those that lie in the assemblies of the service and of
    /// its interface.
    /// </summary>
    public ICollection<Type> Errors { get; } = [];

    /// <summary>Bytes of an answer longer than this lie in a file of their own; 1024.</summary>
    public int InlineBytes { get; set; } = 1024;

    /// <summary>Whether a stream that was recorded with its timing is replayed with it; false.</summary>
    public bool ReplaysTiming { get; set; }

    /// <summary>How far an answer may be from its recording in <see cref="RecordingMode.Compare"/>.</summary>
    public DriftTolerance Tolerance { get; } = new();

    /// <summary>
    /// Whether a call whose answer has drifted fails with a <see cref="RecordingDriftException"/>, in
    /// <see cref="RecordingMode.Compare"/>; true. Else it answers, and <see cref="Recordings.Drifts"/> has what drifted.
    /// </summary>
    public bool FailsOnDrift { get; set; } = true;

    /// <summary>Tells the running test's name, for the command in a message that records it; null, the default, for none.</summary>
    public Func<string?>? CurrentTest { get; set; }

    /// <summary>The command that runs a test; null for <c>dotnet test</c> with a filter by <see cref="CurrentTest"/>.</summary>
    public Func<string?, string>? TestCommand { get; set; }

    /// <summary>Reads a variable of the environment.</summary>
    internal Func<string, string?> Variable { get; set; } = Environment.GetEnvironmentVariable;

    /// <summary>Recordings in the directory <c>recordings</c> beside the source file that calls this.</summary>
    /// <param name="name">The directory's name.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <exception cref="RecordingException">The source file is not on this machine; set <see cref="Directory"/> then.</exception>
    public static RecordingsOptions Beside(string name = "recordings", [CallerFilePath] string file = "") =>
        new() { Directory = Path.Combine(SourceFiles.DirectoryOf(file, AppContext.BaseDirectory), name) };

    /// <summary>Whether what is missing would be recorded if this were no machine of continuous integration.</summary>
    internal bool IsHeldByContinuousIntegration =>
        (Mode ?? RecordingEnvironment.ModeOf(Variable)) is RecordingMode.RecordMissing
        && ResolveMode() is RecordingMode.Replay;

    internal RecordingMode ResolveMode() =>
        RecordingEnvironment.OnThisMachine(Mode ?? RecordingEnvironment.ModeOf(Variable), Variable);

    internal string FullDirectory() =>
        string.IsNullOrWhiteSpace(Directory)
            ? throw new RecordingException(
                "RecordingsOptions.Directory is empty: name the directory of the recordings."
            )
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Directory));

    internal string FullRoot()
    {
        var directory = FullDirectory();
        if (Root is not null)
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(Root));
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            // A file in a work tree of its own, a directory else.
            if (Path.Exists(Path.Combine(at, ".git")))
                return at;
        }
        return directory;
    }
}
