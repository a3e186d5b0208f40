using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings;

/// <summary>The version of a model that a file which is checked in names, so that replay need not look at the model.</summary>
/// <param name="Digest">The digest of the model's manifest.</param>
public sealed record ModelPin(Digest Digest)
{
    private const string Member = "digest";

    /// <summary>Reads a pin: a JSON document with the member <c>digest</c>, as <c>larder pull REF --json</c> prints it.</summary>
    /// <exception cref="RecordingException">The file is missing, or names no digest.</exception>
    public static ModelPin Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ModelPin(DigestIn(document.RootElement, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, "cannot be read", e);
        }
        catch (JsonException e)
        {
            throw Unreadable(path, "is no JSON", e);
        }
    }

    private static Digest DigestIn(JsonElement root, string path)
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty(Member, out var member))
            throw Unreadable(path, $"has no member '{Member}'");

        return member.ValueKind is JsonValueKind.String && Digest.TryParse(member.GetString(), out var digest)
            ? digest
            : throw Unreadable(path, $"has a '{Member}' that is not 64 lower-case hexadecimal digits");
    }

    private static RecordingException Unreadable(string path, string problem, Exception? innerException = null) =>
        new(
            $"The pin {Printable.Quote(path)} {problem}{(innerException is null ? "" : $" ({innerException.Message.TrimEnd('.')})")}. Write it anew with 'larder pull REF --json'.",
            innerException
        );
}
