using System.Globalization;
using Larder.Content;
using Larder.Store;

namespace Larder.Recordings.Files;

/// <summary>Places files of recordings, each whole by one rename or link; what was there before stays until then.</summary>
internal sealed class RecordingWriter(string directory)
{
    // As much as a small recording: a full disk may still have room for a name.
    private const int ProbeBytes = 4096;

    // Git would change the line ends of what it takes for text, and so the bytes that an attachment is named after.
    private static ReadOnlySpan<byte> LineEnds =>
        """
        # Attachments of recordings are named by the digest of their bytes.
        *.txt -text
        *.pdf -text
        *.bin -text

        """u8;

    /// <summary>Runs before a document gets its name; tests end the process there, or write the same one first.</summary>
    public Action? BeforeDocument { get; set; }

    /// <summary>Makes sure that a file can be written.</summary>
    public void RequireWritable()
    {
        try
        {
            Directory.CreateDirectory(directory);
            var probe = RecordingLayout.StagedIn(directory);
            try
            {
                using var file = File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write);
                RandomAccess.Write(file, new byte[ProbeBytes], fileOffset: 0);
            }
            finally
            {
                Posix.Unlink(probe);
            }
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw Refused(refused);
        }
    }

    /// <summary>Writes attachments, then the document. Files that have the bytes already are not touched.</summary>
    public void Write(
        string file,
        ReadOnlySpan<byte> document,
        IReadOnlyCollection<Attachment> attachments,
        bool replace
    )
    {
        foreach (var attachment in attachments)
            RequireAllowed(attachment, file);
        try
        {
            if (!replace && Posix.Exists(file))
                return;
            var folder = Path.GetDirectoryName(file)!;
            Directory.CreateDirectory(folder);
            if (attachments.Any(attachment => IsTextForGit(attachment.Name)))
                KeepLineEnds();
            var isThere = attachments.Count > 0 && replace && Holds(file, document);
            foreach (var attachment in attachments)
            {
                var place = Path.Join(folder, attachment.Name);
                if (!isThere)
                    Touch(place);
                Place(place, attachment.Bytes.Span, replace: true);
            }
            // Names too, before a document that needs them.
            if (attachments.Count > 0)
                Posix.SyncDirectory(folder);
            BeforeDocument?.Invoke();
            Place(file, document, replace);
            Durability.SyncUpwards(folder, directory);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw Refused(refused);
        }
    }

    private static bool IsTextForGit(string attachment) => Path.GetExtension(attachment) is ".txt" or ".pdf" or ".bin";

    // Whoever has rules for line ends there knows about them.
    private void KeepLineEnds()
    {
        var file = Path.Join(directory, ".gitattributes");
        if (!Posix.Exists(file))
            Place(file, LineEnds, replace: false);
    }

    // One that lies there since long, and that no recording names yet, is what pruning removes.
    private static void Touch(string file)
    {
        try
        {
            if (Posix.TryStatus(file, followLinks: false, out var status) && status.IsFile)
                File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            // It has just gone, or is another user's.
        }
    }

    private static void Place(string file, ReadOnlySpan<byte> bytes, bool replace)
    {
        if (replace && Holds(file, bytes))
            return;
        var staged = RecordingLayout.StagedIn(Path.GetDirectoryName(file)!);
        try
        {
            Durability.WriteFile(staged, bytes);
            if (replace)
                Posix.Rename(staged, file);
            else
                LinkFirst(staged, file);
        }
        finally
        {
            Posix.Unlink(staged);
        }
    }

    // Of two processes that record the same call the first one's stays, and either is as good.
    private static void LinkFirst(string staged, string file)
    {
        try
        {
            _ = Posix.TryLink(staged, file);
        }
        catch (IOException noLinks) when (noLinks.HResult is Posix.EPERM or Posix.EOPNOTSUPP or Posix.EMLINK)
        {
            // A file system without hard links. Between the question and the rename another may come: then the last one stays.
            if (!Posix.Exists(file))
                Posix.Rename(staged, file);
        }
    }

    // With CR LF at the ends of lines too: git may have put them there, and takes them away.
    private static bool Holds(string file, ReadOnlySpan<byte> bytes)
    {
        if (!Posix.TryStatus(file, followLinks: false, out var status) || status.SizeBytes < bytes.Length)
            return false;
        try
        {
            var found = FileBytes.TryRead(file, int.MaxValue, out _).AsSpan();
            if (found.Length == bytes.Length || !file.EndsWith(RecordingLayout.Extension, StringComparison.Ordinal))
                return found.SequenceEqual(bytes);
            return found.Length - bytes.Length == found.Count("\r\n"u8)
                && found.ToArray().Where(unit => unit != '\r').SequenceEqual(bytes.ToArray());
        }
        catch (RecordingDamagedException)
        {
            // Whatever it is, it is not that.
            return false;
        }
    }

    private static void RequireAllowed(Attachment attachment, string file)
    {
        if (!RecordingLayout.TryDigestOf(attachment.Name, out _))
            throw new ArgumentException($"{Printable.Quote(attachment.Name)} is no name of an attachment.");
        if (attachment.Bytes.Length > FileBytes.MostAttachmentBytes)
        {
            throw new RecordingException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The call of '{file}' was not recorded: a part of its answer has {attachment.Bytes.Length} bytes, and at most {FileBytes.MostAttachmentBytes} are kept. Record a smaller answer."
                )
            );
        }
    }

    private static bool IsRefusal(Exception failure) => failure is IOException or UnauthorizedAccessException;

    private RecordingException Refused(Exception failure) =>
        new(
            failure switch
            {
                IOException { HResult: Posix.ENOSPC or Posix.EDQUOT } =>
                    $"There is no room to record in '{directory}': its disk or the quota is full. Make room, and record again.",
                UnauthorizedAccessException or IOException { HResult: Posix.EROFS or Posix.EACCES or Posix.EPERM } =>
                    $"Nothing can be recorded in '{directory}': this user may not write there, or it is read-only ({failure.Message.TrimEnd('.')}). Give it the right, or replay only: USE_DEPLOYMENT_CACHE=true, SAVE_DEPLOYMENT_CACHE=false.",
                _ when File.Exists(directory) =>
                    $"Nothing can be recorded in '{directory}': it is a file and not a directory. Remove it, or name another directory.",
                _ =>
                    $"Nothing can be recorded in '{directory}': {failure.Message.TrimEnd('.')}. Mend the cause, and record again.",
            },
            failure
        );
}
