using System.Text.Json;
using Larder.Content;
using Larder.Recordings.Files;

namespace Larder.Recordings.Administration;

/// <summary>Which attachments a recording names.</summary>
internal static class AttachmentNames
{
    // As answers are written: an object with the name of the file.
    private const string FileMember = "$file";

    /// <summary>What an outcome needs.</summary>
    public static IEnumerable<string> NeededBy(RecordedOutcome outcome)
    {
        JsonElement?[] parts = [outcome.Answer, outcome.Error];
        return parts.OfType<JsonElement>().Concat(outcome.Items ?? []).SelectMany(In).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Whatever in a document looks like a name, whether it is one or not and however damaged the document is.</summary>
    public static IEnumerable<string> Mentioned(string document)
    {
        for (var dot = document.IndexOf('.', startIndex: 0); dot >= 0; dot = document.IndexOf('.', dot + 1))
        {
            var start = dot - (Digest.SizeBytes * 2);
            var end = dot + 1;
            while (end < document.Length && char.IsAsciiLetterOrDigit(document[end]))
                end++;
            if (start >= 0 && RecordingLayout.TryDigestOf(document[start..end], out _))
                yield return document[start..end];
        }
    }

    private static IEnumerable<string> In(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany(In),
            JsonValueKind.Object => value
                .EnumerateObject()
                .SelectMany(member =>
                    member.Name == FileMember
                    && member.Value.ValueKind == JsonValueKind.String
                    && member.Value.GetString() is { } name
                    && RecordingLayout.TryDigestOf(name, out _)
                        ? [name]
                        : In(member.Value)
                ),
            _ => [],
        };
}
