using System.Text.Json;
using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Scrub;

/// <summary>Checks entries: each can be read, and lies where its request says.</summary>
internal sealed class EntryCheck(LocalStore store, Condemnation condemnation, FindingLog log)
{
    // Versions of a hundred thousand files have room in it.
    private const long MostBytes = 64 << 20;

    /// <summary>The entry in a file; null when there is none to believe, which is then noted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="concern">Who needs it, where that is known without reading it.</param>
    public ListedEntry? Run(string path, Concern? concern)
    {
        try
        {
            if (!Posix.TryStatus(path, followLinks: false, out var named))
                return null;
            using var file = named.IsFile ? Posix.TryOpenToRead(path) : null;
            if (named.IsFile && file is null)
                return null;
            log.Count();
            var status = file is null ? named : Posix.Status(file, path);
            return Read(path, file, status, concern);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            log.AddUnreadable(FindingSubject.Entry, path, failure);
            return null;
        }
    }

    private ListedEntry? Read(string path, SafeFileHandle? file, FileStatus status, Concern? concern)
    {
        if (file is not null)
        {
            if (TryParse(path, file, status) is { } sound)
                return sound;
            Posix.DropCache(file);
            if (TryParse(path, file, status) is { } second)
            {
                Add(
                    path,
                    FindingFault.TransientRead,
                    concern,
                    null,
                    "was read wrong once and right the second time. It is sound; see to the machine."
                );
                return second;
            }
        }
        var removal = condemnation.Remove(path, status);
        if (removal is { QuarantinePath: null, IsReplaced: true })
            return Run(path, concern);
        Add(
            path,
            FindingFault.Damaged,
            concern,
            removal.QuarantinePath,
            $"is no document that answers the request of its name. {removal.Deed} What it named is fetched again when somebody asks for it."
        );
        return null;
    }

    private ListedEntry? TryParse(string path, SafeFileHandle file, FileStatus status)
    {
        if (
            status.SizeBytes > MostBytes
            || EntryReader.TryRead(ReadAll(path, file, status.SizeBytes)) is not { } entry
            || KindOf(entry.Request) is not { Length: > 0 } kind
        )
            return null;
        var key = EntryKey.OfCanonical(kind, entry.Request.ToArray());
        return store.Layout.Entry(key) == path ? new ListedEntry(path, kind, entry) : null;
    }

    private byte[] ReadAll(string path, SafeFileHandle file, long sizeBytes)
    {
        var bytes = new byte[sizeBytes];
        var length = 0;
        while (length < bytes.Length && store.ReadBytes(path, file, bytes.AsSpan(length), length) is > 0 and var read)
            length += read;
        log.AddBytes(length);
        return bytes[..length];
    }

    private static string? KindOf(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("kind", out var kind)
            && kind.ValueKind == JsonValueKind.String
            ? kind.GetString()
            : null;
    }

    private void Add(string path, FindingFault fault, Concern? concern, string? moved, string what) =>
        log.Add(
            new VerifyFinding
            {
                Subject = FindingSubject.Entry,
                Fault = fault,
                Path = path,
                Digest = StoreWalk.NameOf(path),
                Concerns = concern is null ? [] : [concern],
                QuarantinePath = moved,
                Message = $"The entry '{path}' {what}",
            }
        );
}
