using System.Text.Json;
using Larder.Content;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;

namespace Larder.Recordings.Administration;

/// <summary>Which attachments a recording names.</summary>
internal static class AttachmentNames
{
    /// <summary>What an outcome needs, and how many bytes it says that each has; null where it does not say.</summary>
    public static IEnumerable<(string Name, long? Bytes)> NeededBy(RecordedOutcome outcome)
    {
        JsonElement?[] parts = [outcome.Answer, outcome.Error];
        return parts.OfType<JsonElement>().Concat(outcome.Items ?? []).SelectMany(In).Distinct();
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

    private static IEnumerable<(string Name, long? Bytes)> In(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany(In),
            JsonValueKind.Object => value
                .EnumerateObject()
                .SelectMany(member =>
                    member.Name == AttachmentDocument.FileMember
                    && member.Value.ValueKind == JsonValueKind.String
                    && member.Value.GetString() is { } name
                    && RecordingLayout.TryDigestOf(name, out _)
                        ? [(name, BytesIn(value))]
                        : In(member.Value)
                ),
            _ => [],
        };

    private static long? BytesIn(JsonElement document) =>
        document.TryGetProperty(AttachmentDocument.BytesMember, out var bytes)
        && bytes.ValueKind == JsonValueKind.Number
        && bytes.TryGetInt64(out var count)
            ? count
            : null;
}
