using System.Text.Json;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;

namespace Larder.Recordings.Calls;

/// <summary>Writes down the items of a stream as they pass.</summary>
/// <param name="answers">Writes each of them at once: its reader may change what it was given.</param>
/// <param name="type">What items are.</param>
/// <param name="timeProvider">Tells when each came; null when nobody asks.</param>
internal sealed class StreamRecorder<T>(AnswerForms answers, string type, TimeProvider? timeProvider)
{
    private readonly List<JsonElement> _items = [];
    private readonly List<double> _milliseconds = [];
    private readonly long _begun = timeProvider?.GetTimestamp() ?? 0;

    public Attachments Attachments { get; } = new();

    public RecordedOutcome Outcome =>
        new(type) { Items = _items, Milliseconds = timeProvider is null ? null : _milliseconds };

    /// <summary>Adds an item.</summary>
    /// <returns>What to hand on: the item, or what can be read once more in its place.</returns>
    public T Add(T item)
    {
        var readable = AnswerForms.Rereadable(item);
        _items.Add(answers.Write(readable, Attachments));
        if (timeProvider is not null)
            _milliseconds.Add(Math.Round(timeProvider.GetElapsedTime(_begun).TotalMilliseconds, 1));
        return readable;
    }
}
