using System.Text.Json;
using Larder.Content;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Files;

/// <summary>The files of recordings: read once each, written as a whole or not at all.</summary>
internal sealed class RecordingDirectory(string path, TimeProvider? timeProvider = null)
{
    private const long MostRememberedBytes = 256 << 20;

    private readonly RememberedFiles _remembered = new(MostRememberedBytes, timeProvider ?? TimeProvider.System);
    private readonly RecordingWriter _writer = new(path);
    private readonly NearestRecordings _nearest = new(path);

    /// <summary>The directory, a full path.</summary>
    public string Path { get; } = path;

    /// <summary>Runs before a document gets its name; tests end the process there, or write the same one first.</summary>
    public Action? BeforeDocument
    {
        init => _writer.BeforeDocument = value;
    }

    /// <summary>The recording of a request; null when there is none.</summary>
    /// <exception cref="RecordingDamagedException">There is a file, and it is not whole, is newer, or answers another request.</exception>
    public StoredRecording? Find(RecordingRequest request)
    {
        var file = RecordingLayout.FileOf(Path, request);
        if (!FileBytes.TryStatus(file, out var status))
            return null;
        if (_remembered.Find<KnownRecording>(file, status) is { } known && known.Key.Answers(request.Key.Request.Span))
            return known.Stored;
        RequireNoLinks(file);
        if (FileBytes.TryRead(file, FileBytes.MostDocumentBytes, out status) is not { } bytes)
            return null;
        var document = RecordingReader.Read(bytes, file);
        RequireAnswers(document, request.Key, file);
        var stored = new StoredRecording(file, document.Outcome, new AttachmentFiles(file, _remembered));
        _remembered.Keep(file, status, new KnownRecording(request.Key, stored));
        return stored;
    }

    /// <summary>Writes a recording: its attachments, then the document, by one rename.</summary>
    /// <param name="request">What it answers.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="attachments">Its attachments.</param>
    /// <param name="replace">Whether one that is there is replaced; else it is kept.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    /// <returns>Where it lies.</returns>
    public string Write(
        RecordingRequest request,
        RecordedOutcome outcome,
        IReadOnlyCollection<Attachment> attachments,
        bool replace
    )
    {
        var file = RecordingLayout.FileOf(Path, request);
        var bytes = RecordingDocument.Write(request.Key, outcome);
        RequireReadable(bytes, file, request.Key);
        RequireNoLinks(file);
        _writer.Write(file, bytes, attachments, replace);
        return file;
    }

    /// <summary>Makes sure, before a call that takes long, that its recording can be written.</summary>
    /// <exception cref="RecordingException">It cannot.</exception>
    public void RequireWritable() => _writer.RequireWritable();

    /// <summary>Tells the nearest recordings of a request that has none: a text of several lines, differences first; or that there are none.</summary>
    public string DescribeNearest(RecordingRequest request) => _nearest.Describe(request);

    /// <summary>Refuses a document that is not of this key, or whose request is not the one that the key stands for.</summary>
    public static void RequireAnswers(ReadDocument document, EntryKey key, string file)
    {
        RequireKey(document, key.Digest, file);
        var asked = JsonElement.Parse(key.Request.Span);
        if (IsEqual(document.Request, asked) || key.Answers(CanonicalOf(document, file)))
            return;
        var difference = RequestDifferences.Of(document.Request, asked).All[0];
        var (found, expected) = Shown.Pair(difference.Recorded, difference.Asked);
        throw Damage.Of(
            file,
            $"its request was edited and is not the one that its key stands for: {difference.Path} is {found} and was {expected}",
            $"Undo the edit, or {Damage.RecordAnew}"
        );
    }

    /// <summary>Refuses a document of another key.</summary>
    public static void RequireKey(ReadDocument document, Digest key, string file)
    {
        if (document.Key != key)
        {
            throw Damage.Of(
                file,
                $"it holds the recording of key {document.Key}, and not of {key} as its name says",
                $"It was copied or renamed: give it its name back, or {Damage.RecordAnew}"
            );
        }
    }

    // What is equal as a document is equal in canonical form too, and none need be made of it: that is every first hit.
    private static bool IsEqual(JsonElement recorded, JsonElement asked)
    {
        try
        {
            return JsonElement.DeepEquals(recorded, asked);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: the canonical form says where.
            return false;
        }
    }

    /// <summary>The request of a document in canonical form.</summary>
    public static byte[] CanonicalOf(ReadDocument document, string file)
    {
        try
        {
            return CanonicalJson.Serialize(document.Request);
        }
        catch (InvalidDocumentException refused)
        {
            throw Damage.Of(file, $"its request is none ({refused.Message.TrimEnd('.')})", inner: refused);
        }
    }

    // Nothing is placed that would not be found: an answer nested too deep, or with a name twice in one object.
    private static void RequireReadable(byte[] bytes, string file, EntryKey key)
    {
        try
        {
            if (bytes.Length > FileBytes.MostDocumentBytes)
                throw FileBytes.TooLarge(file, bytes.Length, FileBytes.MostDocumentBytes);
            RequireAnswers(RecordingReader.Read(bytes, file), key, file);
        }
        catch (RecordingDamagedException unreadable)
        {
            throw new RecordingException(
                $"The call was not recorded, since its recording could not be read again. {unreadable.Message}",
                unreadable
            );
        }
    }

    // A link may lead anywhere. The directory itself may be one: whoever named it means it.
    private static void RequireNoLinks(string file)
    {
        var folder = System.IO.Path.GetDirectoryName(file)!;
        foreach (var place in (string[])[System.IO.Path.GetDirectoryName(folder)!, folder])
        {
            if (FileBytes.TryStatus(place, out var status) && status.IsLink)
                throw FileBytes.Linked(place);
        }
    }

    private sealed record KnownRecording(EntryKey Key, StoredRecording Stored);
}
