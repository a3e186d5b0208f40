using System.Globalization;
using System.Text;
using System.Text.Json;
using Larder.Content;
using Larder.Store;

namespace Larder.Derived;

/// <summary>Failures of this machine, by the key of what was to be made: one small file each, and never shared.</summary>
/// <remarks>They save work and nothing rests on them: what cannot be read, or is of another request, is no note.</remarks>
internal sealed class FailureNotes(LocalStore store, TimeProvider timeProvider)
{
    /// <summary>The failure that is remembered of a key; null when there is none, or its time is over.</summary>
    public FailureNote? TryRead(EntryKey key)
    {
        var path = store.Layout.FailureNote(key);
        return Read(path, key.Request.Span) is { } note && IsRemembered(note) ? note : null;
    }

    /// <summary>Remembers a failure, in the place of an earlier one.</summary>
    public async Task WriteAsync(
        EntryKey key,
        string kind,
        string message,
        TimeSpan keepFor,
        CancellationToken cancellationToken
    )
    {
        Sweep();
        var now = timeProvider.GetUtcNow();
        var until = keepFor < DateTimeOffset.MaxValue - now ? now + keepFor : DateTimeOffset.MaxValue;
        using var staging = await store.NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        var staged = staging.NewPath();
        Durability.WriteFile(staged, Write(key, new FailureNote(kind, message, now, until)));
        var path = store.Layout.FailureNote(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Posix.Rename(staged, path);
    }

    /// <summary>Forgets what is remembered of a key.</summary>
    public void Forget(EntryKey key) => Posix.Unlink(store.Layout.FailureNote(key));

    /// <summary>Removes notes whose time is over, and what is none.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(store.Layout.Failures))
            return; // The store could not be written to when it was opened.
        foreach (var path in Directory.EnumerateFiles(store.Layout.Failures, "*.json", LocalStore.AllFiles).ToList())
        {
            if (Read(path, request: default) is not { } note || !IsRemembered(note))
                Posix.Unlink(path);
        }
    }

    // One of the future was written before the clock was set back: it says nothing of how long ago that was.
    private bool IsRemembered(FailureNote note) =>
        timeProvider.GetUtcNow() is var now && note.Noted <= now && now < note.Until;

    private static byte[] Write(EntryKey key, FailureNote note)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("request");
            json.WriteRawValue(key.Request.Span);
            json.WriteString("failure", note.Kind);
            json.WriteString("message", note.Message);
            json.WriteString("noted", Format(note.Noted));
            json.WriteString("until", Format(note.Until));
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static FailureNote? Read(string path, ReadOnlySpan<byte> request)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (
                !request.IsEmpty
                && !CanonicalJson
                    .Canonicalize(Encoding.UTF8.GetBytes(root.GetProperty("request").GetRawText()))
                    .AsSpan()
                    .SequenceEqual(request)
            )
                return null;
            return new FailureNote(
                root.GetProperty("failure").GetString() ?? "",
                root.GetProperty("message").GetString() ?? "",
                root.GetProperty("noted").GetDateTimeOffset(),
                root.GetProperty("until").GetDateTimeOffset()
            );
        }
        catch (Exception failure)
            when (failure
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or InvalidDocumentException
                || StoreFailure.Covers(failure)
            )
        {
            return null;
        }
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
