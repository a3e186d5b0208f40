using System.Text.Json;
using Larder.Store;
using Microsoft.Extensions.Logging;

namespace Larder.Graphs.History;

/// <summary>Keeps a history from one run to the next.</summary>
/// <remarks>It only makes the next start better: when it cannot be read or written, that is said, and nothing fails.</remarks>
internal static class HistoryFile
{
    public static void Load(string file, GraphHistory history, ILogger logger)
    {
        try
        {
            if (!File.Exists(file))
                return;
            var document = JsonSerializer.Deserialize(File.ReadAllBytes(file), HistoryJson.Default.HistoryDocument);
            if (document is { Format: HistoryDocument.CurrentFormat })
                document.AddTo(history);
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or FormatException
                        or ArgumentException
                        or OverflowException
            )
        {
            Log.HistoryUnreadable(logger, exception, file);
        }
    }

    public static void Save(string file, HistoryDocument document, ILogger logger)
    {
        // Of its own name: two processes may share the file, and the last to finish then has it whole.
        var written = $"{file}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllBytes(
                written,
                JsonSerializer.SerializeToUtf8Bytes(document, HistoryJson.Default.HistoryDocument)
            );
            Posix.Rename(written, file);
        }
        catch (Exception exception)
        {
            // Whatever it is: this runs on the thread of a timer, where it would end the process.
            Log.HistoryUnwritable(logger, exception, file);
            TryDelete(written);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody looks for it.
        }
    }
}
