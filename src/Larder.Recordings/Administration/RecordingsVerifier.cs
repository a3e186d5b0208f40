using System.Text.Json;
using Larder.Content;
using Larder.Recordings.Answers.Errors;
using Larder.Recordings.Files;

namespace Larder.Recordings.Administration;

/// <summary>Reads a directory of recordings as a whole.</summary>
internal sealed class RecordingsVerifier(string directory)
{
    // Nothing is remembered: every file is read once.
    private readonly RememberedFiles _nothing = new(mostBytes: 0, TimeProvider.System);
    private readonly List<RecordingFault> _faults = [];

    // With the sizes of those that are right.
    private readonly Dictionary<string, long?> _needed = new(StringComparer.Ordinal);

    public RecordingsVerification Verify(CancellationToken cancellationToken)
    {
        var files = new RecordingTree(directory).Read(cancellationToken);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Role == TreeRole.Recording)
                Check(file, () => CheckRecording(file));
        }
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Role == TreeRole.Attachment && !_needed.ContainsKey(file.Name))
                Check(file, () => CheckAttachment(file));
            else if (file.Role == TreeRole.Unknown)
                _faults.Add(
                    new RecordingFault(
                        file.Name,
                        "It is no part of a recording: move it elsewhere, or name the directory that holds the deployments."
                    )
                );
        }
        return new RecordingsVerification(
            files.Count(file => file.Role == TreeRole.Recording),
            [.. _faults.OrderBy(fault => fault.File, StringComparer.Ordinal)]
        );
    }

    private void CheckRecording(TreeFile file)
    {
        var path = file.Entry.FullName;
        var document = RecordingReader.ReadFile(path);
        RecordingLayout.TryKeyOf(file.Entry.Name, out var key);
        RecordingDirectory.RequireKey(document, key, path);
        RequireFits(document, path);
        RequirePlace(document, path);
        var attachments = new AttachmentFiles(path, _nothing);
        foreach (var (name, bytes) in AttachmentNames.NeededBy(document.Outcome))
        {
            var attachment = Path.Join(Path.GetDirectoryName(file.Name), name);
            if (_needed.TryAdd(attachment, null))
                Check(attachment, () => _needed[attachment] = attachments.Read(name).Length);
            RequireSize(name, _needed[attachment], bytes, path);
        }
        if (document.Outcome.Error is { } error)
            RequireError(error, path);
    }

    // Of one that is damaged there is no size, and it was told.
    private static void RequireSize(string name, long? found, long? recorded, string path)
    {
        if (found is not null && found != recorded)
        {
            throw Damage.Of(
                path,
                FormattableString.Invariant(
                    $"the attachment {name} has {found} bytes, and the recording says {(recorded is null ? "nothing" : recorded)}"
                )
            );
        }
    }

    private static void RequireError(JsonElement error, string path)
    {
        try
        {
            foreach (var inner in ErrorDocument.Read(error).Inner)
                RequireError(inner, path);
        }
        catch (JsonException none)
        {
            throw Damage.Of(path, none.Message.TrimEnd('.'), inner: none);
        }
    }

    // One that no recording needs is no damage as long as it is what its name says; prune removes it.
    private void CheckAttachment(TreeFile file) =>
        new AttachmentFiles(file.Entry.FullName, _nothing).Read(file.Entry.Name);

    private static void RequireFits(ReadDocument document, string path)
    {
        if (Digest.Of(RecordingDirectory.CanonicalOf(document, path)) != document.Key)
        {
            throw Damage.Of(
                path,
                "its request was edited and is not the one that its key stands for",
                $"Undo the edit, or {Damage.RecordAnew}"
            );
        }
    }

    private void RequirePlace(ReadDocument document, string path)
    {
        var folder = RecordingLayout.FolderOf(directory, document.TextOf("deployment"), document.TextOf("method"));
        if (Path.GetDirectoryName(path) != folder)
        {
            throw Damage.Of(
                path,
                "it lies in another folder than that of its deployment and method, where nobody looks for it",
                $"Move it to '{folder}'"
            );
        }
    }

    private void Check(TreeFile file, Action check) => Check(file.Name, check);

    private void Check(string name, Action check)
    {
        try
        {
            check();
        }
        catch (RecordingDamagedException damaged)
        {
            _faults.Add(new RecordingFault(name, Damage.ProblemOf(damaged)));
        }
        catch (InvalidOperationException)
        {
            _faults.Add(
                new RecordingFault(
                    name,
                    $"A text in it is not Unicode. Take it from version control again, or {Damage.RecordAnew}."
                )
            );
        }
    }
}
