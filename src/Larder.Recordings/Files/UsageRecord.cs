using System.Globalization;
using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>What one process has noted.</summary>
/// <param name="File">The log's path.</param>
/// <param name="Run">The run of all tests that it was a part of; null for none.</param>
/// <param name="Started">When it made its first note.</param>
/// <param name="IsClosed">Whether it ended as it should.</param>
/// <param name="Keys">What it used.</param>
internal sealed record UsageRecord(
    string File,
    string? Run,
    DateTimeOffset Started,
    bool IsClosed,
    IReadOnlyCollection<Digest> Keys
)
{
    /// <summary>The version of the format.</summary>
    public const int Format = 1;

    /// <summary>Reads a log; null when it is none, or of a newer format.</summary>
    /// <remarks>Its writer may have been killed in the middle of a line.</remarks>
    public static UsageRecord? TryRead(string file)
    {
        try
        {
            var lines = System.IO.File.ReadLines(file).Select(TryParse).ToList();
            if (lines.FirstOrDefault() is not { } header || header.GetProperty("format").GetInt32() != Format)
                return null;
            var keys = new HashSet<Digest>();
            var isClosed = false;
            foreach (var line in lines.Skip(1).OfType<JsonElement>())
            {
                if (line.TryGetProperty("key", out var key) && Digest.TryParse(key.GetString(), out var digest))
                    keys.Add(digest);
                isClosed |= line.TryGetProperty("closed", out _);
            }
            return new UsageRecord(
                file,
                header.GetProperty("run").GetString(),
                DateTimeOffset.Parse(header.GetProperty("started").GetString()!, CultureInfo.InvariantCulture),
                isClosed,
                keys
            );
        }
        catch (Exception unreadable)
            when (unreadable
                    is IOException
                        or UnauthorizedAccessException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or FormatException
                        or ArgumentNullException
            )
        {
            return null;
        }
    }

    private static JsonElement? TryParse(string line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
