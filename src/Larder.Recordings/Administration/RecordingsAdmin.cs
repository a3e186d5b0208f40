using System.Text.Encodings.Web;
using System.Text.Json;
using Larder.Content;
using Larder.Recordings.Files;

namespace Larder.Recordings.Administration;

/// <summary>Looks after a directory of recordings: what is there, what of it is used, and whether it is whole.</summary>
/// <remarks>
/// Use is noted on the machine of the run, under <c>.usage/</c> and not in version control. A run counts as one of all tests
/// when the variable <c>LARDER_RECORDINGS_RUN</c> gives it a name, a new one each time; all processes of that name are one run.
/// </remarks>
public sealed class RecordingsAdmin
{
    private const int MostArgumentsLength = 1000;

    // It is for people, who read more than ASCII; nothing of it gets into a page.
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _directory;
    private readonly TimeProvider _timeProvider;

    /// <summary>Opens a directory; nothing is read yet.</summary>
    /// <param name="directory">The directory of the recordings.</param>
    /// <param name="timeProvider">The time; null for the system's.</param>
    public RecordingsAdmin(string directory, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = Path.GetFullPath(directory);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>All recordings, and which of them are used. Reads every document.</summary>
    /// <exception cref="RecordingException">The directory cannot be read.</exception>
    public RecordingListing List(CancellationToken cancellationToken = default) =>
        Reading(() =>
        {
            var book = UsageBook.Read(_directory);
            var run = RunOf(book);
            var used = run is null ? null : book.UsedSince(run.Started);
            var lastUses = book.LastUses();
            var recordings = new List<ListedRecording>();
            foreach (var file in FilesOf(TreeRole.Recording, cancellationToken))
                recordings.Add(Listed(file, used, lastUses));
            return new RecordingListing(recordings, run);
        });

    /// <summary>
    /// Removes recordings that neither the last run of all tests nor any process since has used or written, attachments that no
    /// recording names, and what killed writers left.
    /// </summary>
    /// <exception cref="RecordingException">
    /// No run of all tests is noted, or it has not ended as it should: nothing tells what is needed, and nothing is removed.
    /// </exception>
    public RecordingsPruneResult Prune(
        RecordingsPruneOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Reading(() =>
        {
            var (book, run) = RequiredRun();
            return new RecordingsPruner(_directory, run.Started, book.UsedSince(run.Started), _timeProvider).Prune(
                options ?? new RecordingsPruneOptions(),
                cancellationToken
            );
        });

    /// <summary>Reads every recording and attachment, and tells all that is wrong; changes nothing.</summary>
    /// <exception cref="RecordingException">The directory cannot be read.</exception>
    public RecordingsVerification Verify(CancellationToken cancellationToken = default) =>
        Reading(() => new RecordingsVerifier(_directory).Verify(cancellationToken));

    private (UsageBook Book, NotedRun Run) RequiredRun()
    {
        var book = UsageBook.Read(_directory);
        return RunOf(book) switch
        {
            null => throw new RecordingException(
                $"Nothing tells which recordings in '{_directory}' are needed: no run of all tests is noted there. Run all tests with {UsageLog.RunVariable} set to a name, a new one each time, and prune then."
            ),
            { Open: > 0 } run => throw new RecordingException(
                FormattableString.Invariant(
                    $"Nothing tells which recordings in '{_directory}' are needed: of the {run.Processes} processes of the last run of all tests, {Printable.Quote(run.Name)}, {run.Open} have not ended, or were killed. Wait for them, or run all tests again with {UsageLog.RunVariable} set to a new name."
                )
            ),
            { } run when book.UnreadableSince(run.Started) is { } log => throw new RecordingException(
                $"Nothing tells which recordings in '{_directory}' are needed: '{log}', which a process has written since the last run of all tests, {Printable.Quote(run.Name)}, began, cannot be read. It was cut, or is of a newer version of Larder. Run all tests again with {UsageLog.RunVariable} set to a new name, or take that version."
            ),
            { } run => (book, run),
        };
    }

    private static NotedRun? RunOf(UsageBook book)
    {
        var processes = book.LastRun;
        return processes.Count == 0
            ? null
            : new NotedRun(
                processes[0].Run!,
                processes[^1].Started,
                processes.Count,
                processes.Count(process => !process.IsClosed)
            );
    }

    private static ListedRecording Listed(
        TreeFile file,
        HashSet<Digest>? used,
        Dictionary<Digest, DateTimeOffset> lastUses
    )
    {
        RecordingLayout.TryKeyOf(file.Entry.Name, out var key);
        var (deployment, method, kind, arguments) = Described(file);
        return new ListedRecording(
            deployment,
            method,
            key,
            file.Name,
            file.SizeBytes,
            kind,
            used?.Contains(key),
            lastUses.TryGetValue(key, out var last) ? last : null
        )
        {
            Arguments = arguments,
        };
    }

    private static (string Deployment, string Method, RecordingKind Kind, string Arguments) Described(TreeFile file)
    {
        try
        {
            var document = RecordingReader.ReadFile(file.Entry.FullName);
            var kind =
                document.Outcome.Items is not null ? RecordingKind.Stream
                : document.Outcome.Error is not null ? RecordingKind.Error
                : RecordingKind.Answer;
            return (document.TextOf("deployment"), document.TextOf("method"), kind, ArgumentsOf(document));
        }
        // The second is half of a surrogate pair where a text of the request belongs.
        catch (Exception e) when (e is RecordingDamagedException or InvalidOperationException)
        {
            var parts = file.Name.Split(Path.DirectorySeparatorChar);
            return (parts[0], parts[1], RecordingKind.Damaged, "");
        }
    }

    private static string ArgumentsOf(ReadDocument document)
    {
        if (
            document.Request.ValueKind != JsonValueKind.Object
            || !document.Request.TryGetProperty("arguments", out var arguments)
        )
            return "";
        var text = JsonSerializer.Serialize(arguments, Readable);
        return text.Length <= MostArgumentsLength ? text : text[..MostArgumentsLength];
    }

    private IEnumerable<TreeFile> FilesOf(TreeRole role, CancellationToken cancellationToken) =>
        new RecordingTree(_directory).Read(cancellationToken).Where(file => file.Role == role);

    private T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException(
                $"The recordings in '{_directory}' cannot be looked through: {refused.Message.TrimEnd('.')}.",
                refused
            );
        }
    }
}
