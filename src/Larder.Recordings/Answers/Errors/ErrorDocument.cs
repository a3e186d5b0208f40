using System.Text.Json;

namespace Larder.Recordings.Answers.Errors;

/// <summary>An exception as a recording holds it: <c>{"type", "message", "details", "inner"}</c>.</summary>
/// <param name="Type">The full name of its type.</param>
/// <param name="Message">Its message.</param>
/// <param name="Details">
/// Its own properties that are plain values; its data under <c>Data</c>, which no exception has of its own; and the names of what
/// is no plain value under <c>$omitted</c>.
/// </param>
/// <param name="Inner">Its inner exceptions: several of an aggregate.</param>
internal sealed record ErrorDocument(string Type, string Message, JsonElement Details, IReadOnlyList<JsonElement> Inner)
{
    public const string TypeMember = "type";
    public const string MessageMember = "message";
    public const string DetailsMember = "details";
    public const string DataMember = "Data";
    public const string OmittedMember = "$omitted";
    public const string InnerMember = "inner";

    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>Reads the document of an exception.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ErrorDocument Read(JsonElement error)
    {
        if (
            error.ValueKind != JsonValueKind.Object
            || Text(error, TypeMember) is not { Length: > 0 } type
            || Text(error, MessageMember) is not { } message
        )
            throw new JsonException($"An error is an object with '{TypeMember}' and '{MessageMember}', texts.");
        return new ErrorDocument(
            type,
            message,
            Member(error, DetailsMember, JsonValueKind.Object) ?? Nothing,
            InnerOf(error)
        );
    }

    // One is written as it is, several as an array.
    private static JsonElement[] InnerOf(JsonElement error)
    {
        if (!error.TryGetProperty(InnerMember, out var inner))
            return [];
        return inner.ValueKind == JsonValueKind.Array ? [.. inner.EnumerateArray()] : [inner];
    }

    private static string? Text(JsonElement error, string name) =>
        Member(error, name, JsonValueKind.String)?.GetString();

    private static JsonElement? Member(JsonElement error, string name, JsonValueKind kind)
    {
        if (!error.TryGetProperty(name, out var member))
            return null;
        return member.ValueKind == kind
            ? member
            : throw new JsonException(
                $"The member '{name}' of an error is {member.ValueKind} where {kind} is expected."
            );
    }
}
