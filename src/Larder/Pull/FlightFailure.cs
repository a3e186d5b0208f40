using System.Text.Json;
using Larder.Origins;
using Larder.Pull.Archives;
using Larder.Store;
using Larder.Transfer;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull;

/// <summary>Carries the failure of a flight to the other processes that wait for it.</summary>
internal static class FlightFailure
{
    private const int MaxSizeBytes = 64 * 1024;

    public static void Write(SafeFileHandle file, LarderException failure)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("message", failure.Message);
            switch (failure)
            {
                case OriginException origin:
                    json.WriteString("type", nameof(OriginException));
                    json.WriteString("failure", origin.Failure.ToString());
                    json.WriteString("reference", origin.Reference);
                    break;
                case IntegrityException integrity:
                    json.WriteString("type", nameof(IntegrityException));
                    json.WriteString("path", integrity.Path);
                    json.WriteString("expected", integrity.Expected);
                    json.WriteString("actual", integrity.Actual);
                    break;
                case NoRoomException room:
                    json.WriteString("type", nameof(NoRoomException));
                    json.WriteString("path", room.Path);
                    if (room.NeededBytes is { } needed)
                        json.WriteNumber("needed", needed);
                    json.WriteNumber("available", room.AvailableBytes);
                    json.WriteBoolean("can_fit_later", room.CanFitLater);
                    break;
                case ArchiveException archive:
                    json.WriteString("type", nameof(ArchiveException));
                    json.WriteString("archive", archive.Archive);
                    json.WriteString("entry", archive.Entry);
                    break;
                default:
                    return; // Not known to be the same for the others: they try for themselves.
            }
            json.WriteEndObject();
        }
        RandomAccess.Write(file, buffer.GetBuffer().AsSpan(0, (int)buffer.Length), fileOffset: 0);
    }

    public static LarderException? TryRead(SafeFileHandle file)
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), MaxSizeBytes)];
        var length = RandomAccess.Read(file, bytes, fileOffset: 0);
        if (length == 0)
            return null;
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
            var root = document.RootElement;
            return Text(root, "type") switch
            {
                nameof(OriginException) => new OriginException(
                    Enum.Parse<OriginFailure>(Text(root, "failure")),
                    Text(root, "reference"),
                    Text(root, "message")
                ),
                nameof(IntegrityException) => new IntegrityException(
                    Text(root, "path"),
                    Text(root, "expected"),
                    Text(root, "actual"),
                    Text(root, "message")
                ),
                nameof(NoRoomException) => new NoRoomException(
                    Text(root, "path"),
                    root.TryGetProperty("needed", out var needed) ? needed.GetInt64() : null,
                    root.GetProperty("available").GetInt64(),
                    root.GetProperty("can_fit_later").GetBoolean(),
                    Text(root, "message")
                ),
                nameof(ArchiveException) => new ArchiveException(
                    Text(root, "archive"),
                    root.GetProperty("entry").GetString(),
                    Text(root, "message")
                ),
                _ => null,
            };
        }
        catch (Exception malformed)
            when (malformed
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException
                        or FormatException
            )
        {
            return null;
        }
    }

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString()!;
}
