using System.Text.Json;

namespace Larder.Recordings.Answers;

/// <summary>Why a value cannot be recorded, on its way through the serializer, which adds the path.</summary>
/// <param name="reason">Such as <c>it is a stream that cannot seek</c>, without a full stop.</param>
/// <param name="below">The path below the one that the serializer knows, such as <c>.items[2]</c>.</param>
internal sealed class RefusedException(string reason, string below = "") : JsonException(reason)
{
    public string Reason { get; } = reason;

    public string Below { get; } = below;

    /// <summary>The whole path, once the serializer has seen it.</summary>
    public string Place => (Path ?? "$") + Below;
}
