using System.Text.Json;

namespace Larder.Recordings.Files;

/// <summary>What came of a call, as its file holds it: an answer, nothing, an error, or the items of a stream and how it ended.</summary>
/// <param name="Type">
/// What the method answers, or what the items of its stream are; <c>void</c> where it answers nothing. Of a call that failed the
/// file does not tell it: read again it is <c>void</c>.
/// </param>
internal sealed record RecordedOutcome(string Type)
{
    /// <summary>What stands for the type of nothing.</summary>
    public const string Nothing = "void";

    /// <summary>The answer; null where there is none.</summary>
    public JsonElement? Answer { get; init; }

    /// <summary>The items of a stream; null where it was none.</summary>
    public IReadOnlyList<JsonElement>? Items { get; init; }

    /// <summary>When each item came, counted from the call; null where nobody asked for it.</summary>
    public IReadOnlyList<double>? Milliseconds { get; init; }

    /// <summary>What the call failed with, or the stream after its items; null where it did not.</summary>
    public JsonElement? Error { get; init; }
}
