using System.Globalization;
using System.Text.Json;
using Larder.Recordings.Answers.Comparison;
using Larder.Recordings.Answers.Errors;
using Larder.Recordings.Files;

namespace Larder.Recordings.Answers;

/// <summary>Compares a live outcome with a recorded one.</summary>
internal sealed class OutcomeComparison(DriftTolerance tolerance)
{
    // A model that has changed changes everything; nobody reads the thousandth difference.
    private const int MaxDifferences = 50;

    /// <summary>What differs by more than the tolerance, each a sentence with its path; none when nothing does.</summary>
    public IReadOnlyList<string> Compare(
        RecordedOutcome recorded,
        IAttachmentSource recordedFiles,
        RecordedOutcome live,
        IAttachmentSource liveFiles
    )
    {
        var differences = new List<string>();
        // Of what only failed, no recording tells what it would have answered.
        if (recorded.Type != live.Type && recorded is not { Items: null, Error: not null })
            differences.Add($"$: a {recorded.Type} was recorded, a {live.Type} came");
        var values = new ValueComparison(tolerance, recordedFiles, liveFiles, differences);
        if (KindOf(recorded) != KindOf(live))
        {
            differences.Add($"$: {KindOf(recorded)} was recorded, {KindOf(live)} came{MessageOf(live)}");
            return differences;
        }
        if (recorded.Answer is { } recordedAnswer && live.Answer is { } liveAnswer)
            values.Compare("$", recordedAnswer, liveAnswer);
        if (recorded.Items is { } recordedItems && live.Items is { } liveItems)
            CompareItems(values, recordedItems, liveItems, differences);
        CompareErrors("$.error", recorded.Error, live.Error, values, differences);
        return differences.Count <= MaxDifferences
            ? differences
            :
            [
                .. differences.Take(MaxDifferences),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"$: {differences.Count - MaxDifferences} more differences"
                ),
            ];
    }

    private static string KindOf(RecordedOutcome outcome)
    {
        if (outcome.Items is not null)
            return "a stream";
        if (outcome.Error is not null)
            return "an error";
        return outcome.Answer is null ? "nothing" : "an answer";
    }

    private static string MessageOf(RecordedOutcome live) =>
        live is { Items: null, Error: { } error } ? $" ({Shown.Text(ErrorDocument.Read(error).Message)})" : "";

    // Where the stream is cut into items is part of what callers see.
    private static void CompareItems(
        ValueComparison values,
        IReadOnlyList<JsonElement> recorded,
        IReadOnlyList<JsonElement> live,
        List<string> differences
    )
    {
        if (recorded.Count != live.Count)
            differences.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"$.items: {recorded.Count} items were recorded, {live.Count} came"
                )
            );
        for (var i = 0; i < Math.Min(recorded.Count, live.Count); i++)
            values.Compare(string.Create(CultureInfo.InvariantCulture, $"$.items[{i}]"), recorded[i], live[i]);
    }

    private static void CompareErrors(
        string path,
        JsonElement? recorded,
        JsonElement? live,
        ValueComparison values,
        List<string> differences
    )
    {
        if (recorded is not { } recordedError || live is not { } liveError)
        {
            if (live is { } came)
                differences.Add($"{path}: none was recorded, {Shown.Text(ErrorDocument.Read(came).Message)} came");
            else if (recorded is { } was)
                differences.Add($"{path}: {Shown.Text(ErrorDocument.Read(was).Message)} was recorded, none came");
            return;
        }
        var before = ErrorDocument.Read(recordedError);
        var now = ErrorDocument.Read(liveError);
        if (before.Type != now.Type)
            differences.Add($"{path}.type: {before.Type} was recorded, {now.Type} came");
        values.CompareTexts($"{path}.message", before.Message, now.Message);
        // Replay gives them back, too.
        values.Compare($"{path}.details", before.Details, now.Details);
        var inner = Math.Max(before.Inner.Count, now.Inner.Count);
        for (var i = 0; i < inner; i++)
            CompareErrors(
                inner == 1 ? $"{path}.inner" : string.Create(CultureInfo.InvariantCulture, $"{path}.inner[{i}]"),
                i < before.Inner.Count ? before.Inner[i] : null,
                i < now.Inner.Count ? now.Inner[i] : null,
                values,
                differences
            );
    }
}
