using System.Text.Json;

namespace Larder.Cli.Warming;

/// <summary>What became of one model.</summary>
internal sealed record WarmResult(string Name)
{
    /// <summary>The version; null where there is none.</summary>
    public string? Version { get; init; }

    /// <summary><c>stored</c>, or <c>loaded</c> by a server.</summary>
    public string? State { get; init; }

    /// <summary>How the files were come by, as in the answer of a pull.</summary>
    public string? Files { get; init; }

    /// <summary>Whether no byte came from the origin.</summary>
    public bool FromCache { get; init; }

    /// <summary>Bytes of its files; null where only a server knows.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that came from the origin, likewise.</summary>
    public long? BytesFetched { get; init; }

    /// <summary>What it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it was not warmed; null when it was.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code that the failure would have by itself.</summary>
    public int ExitCode { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("model", Name);
        json.WriteString("state", State);
        json.WriteString("digest", Version);
        json.WriteString("outcome", Files);
        json.WriteBoolean("from_cache", FromCache);
        Write(json, "bytes", Bytes);
        Write(json, "bytes_fetched", BytesFetched);
        json.WriteNumber("seconds", Math.Round(Duration.TotalSeconds, 6));
        json.WriteString("error", Error);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }
}
