using System.Text.Json;

namespace Larder.Recordings;

/// <summary>Stands for a recorded exception whose type could not be made again.</summary>
public sealed class RecordedException : Exception
{
    internal RecordedException(string typeName, string message, JsonElement details, Exception? innerException)
        : base(
            $"{typeName}: {message} (As recorded. To have the exception itself, name its type in {nameof(RecordingsOptions)}."
                + $"{nameof(RecordingsOptions.Errors)} and give it a public constructor whose parameters are called as its "
                + "properties, message and innerException.)",
            innerException
        )
    {
        TypeName = typeName;
        RecordedMessage = message;
        Details = details;
    }

    /// <summary>The full name of the type that was thrown.</summary>
    public string TypeName { get; }

    /// <summary>The message that it had.</summary>
    public string RecordedMessage { get; }

    /// <summary>Its own properties and its data, an object.</summary>
    public JsonElement Details { get; }
}
