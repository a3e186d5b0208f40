using System.Text.Json;

namespace Larder.Recordings.Answers;

/// <summary>Why a value cannot be recorded, on its way through the serializer.</summary>
/// <param name="reason">Such as <c>it is a stream that cannot seek</c>, without a full stop.</param>
internal sealed class RefusedException(string reason) : JsonException(reason)
{
    public string Reason { get; } = reason;
}
