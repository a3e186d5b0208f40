using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Writes the document of a recording, which <see cref="RecordingReader"/> reads.</summary>
/// <remarks>Nothing in it changes from one recording of the same to the next: no times of the clock, no names of machines.</remarks>
internal static class RecordingDocument
{
    /// <summary>The version of the format.</summary>
    public const int Format = 1;

    /// <summary>How deep arrays and objects may lie in each other in a document: an answer's own 64 and those around it, with room.</summary>
    public const int MaxDepth = 128;

    public static byte[] Write(EntryKey key, RecordedOutcome outcome)
    {
        var json = new ReviewJson();
        json.StartObject();
        json.Name("format");
        json.Number(Format);
        json.Name("key");
        json.Text(key.Digest.ToString());
        json.Name("request");
        json.Value(JsonElement.Parse(key.Request.Span));
        if (outcome.Items is { } items)
            WriteStream(json, outcome, items);
        else if (outcome.Error is null)
            WriteAnswer(json, outcome);
        if (outcome.Error is { } error)
        {
            json.Name("error");
            json.Value(error);
        }
        json.EndObject();
        return json.ToArray();
    }

    private static void WriteAnswer(ReviewJson json, RecordedOutcome outcome)
    {
        json.Name("answer");
        json.StartObject();
        json.Name("type");
        json.Text(outcome.Type);
        if (outcome.Answer is { } answer)
        {
            json.Name("value");
            json.Value(answer);
        }
        json.EndObject();
    }

    private static void WriteStream(ReviewJson json, RecordedOutcome outcome, IReadOnlyList<JsonElement> items)
    {
        json.Name("stream");
        json.StartObject();
        json.Name("type");
        json.Text(outcome.Type);
        json.Name("items");
        json.Array(items);
        if (outcome.Milliseconds is { } milliseconds)
        {
            json.Name("milliseconds");
            json.Value(JsonSerializer.SerializeToElement(milliseconds));
        }
        json.Name("end");
        json.Text(outcome.Error is null ? RecordingReader.Complete : RecordingReader.Failed);
        json.EndObject();
    }
}
