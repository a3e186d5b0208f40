using System.Globalization;
using System.Text.Json;
using Larder.Content.Tensors;
using Larder.Recordings.Files;
using Larder.Recordings.Media;

namespace Larder.Recordings.Answers.Comparison;

/// <summary>Compares the documents of two answers, each with its own attachments.</summary>
/// <param name="tolerance">How far they may be from one another.</param>
/// <param name="recordedFiles">The attachments of the recorded answer.</param>
/// <param name="liveFiles">The attachments of the live answer.</param>
/// <param name="differences">Where to tell of what differs.</param>
internal sealed class ValueComparison(
    DriftTolerance tolerance,
    IAttachmentSource recordedFiles,
    IAttachmentSource liveFiles,
    List<string> differences
)
{
    // Characters times edits: a second or so.
    private const int MaxWork = 200_000_000;

    private readonly Closeness _numbers = new(tolerance.Absolute, tolerance.Relative);
    private readonly Closeness _elements = new(
        tolerance.TensorAbsolute ?? tolerance.Absolute,
        tolerance.TensorRelative ?? tolerance.Relative
    );

    /// <summary>Compares two values.</summary>
    public void Compare(string path, JsonElement recorded, JsonElement live)
    {
        if (JsonDifference.Find(recorded, live) is null)
            return;
        if (TryContent(recorded, recordedFiles) is { } before && TryContent(live, liveFiles) is { } now)
        {
            if (TensorDifference.Find(before, now, _elements) is { } difference)
                differences.Add($"{path}: {difference}");
            return;
        }
        switch (recorded.ValueKind, live.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareObjects(path, recorded, live);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareArrays(path, recorded, live);
                break;
            case (JsonValueKind.Number, JsonValueKind.Number):
                CompareNumbers(path, recorded, live);
                break;
            case (JsonValueKind.String, JsonValueKind.String):
                CompareTexts(path, recorded.GetString()!, live.GetString()!);
                break;
            default:
                AddDifference(path, Shown.Summary(recorded), Shown.Summary(live));
                break;
        }
    }

    /// <summary>Compares two texts.</summary>
    public void CompareTexts(string path, string recorded, string live)
    {
        if (recorded == live)
            return;
        var longer = Math.Max(recorded.Length, live.Length);
        var allowed = (int)Math.Min(longer * tolerance.Text, longer);
        var limit = Math.Min(allowed, MaxWork / Math.Max(longer, 1));
        if (limit > 0 && EditDistance.AtMost(recorded, live, limit) <= limit)
            return;
        AddDifference(path, Shown.Text(recorded), Shown.Text(live));
        if (limit < allowed)
            differences[^1] += $" (texts of {longer} characters are compared up to {limit} edits)";
    }

    private void CompareObjects(string path, JsonElement recorded, JsonElement live)
    {
        foreach (var member in recorded.EnumerateObject())
        {
            var place = JsonDifference.Member(path, member.Name);
            if (!live.TryGetProperty(member.Name, out var other))
                AddDifference(place, Shown.Summary(member.Value), "nothing");
            else if (!member.Name.StartsWith('$'))
                Compare(place, member.Value, other);
            // Names of types and files are not nearly the same.
            else if (JsonDifference.Find(member.Value, other) is not null)
                AddDifference(place, Shown.Summary(member.Value), Shown.Summary(other));
        }
        foreach (var member in live.EnumerateObject())
        {
            if (!recorded.TryGetProperty(member.Name, out _))
                AddDifference(JsonDifference.Member(path, member.Name), "nothing", Shown.Summary(member.Value));
        }
    }

    private void CompareArrays(string path, JsonElement recorded, JsonElement live)
    {
        var (before, now) = (recorded.GetArrayLength(), live.GetArrayLength());
        if (before != now)
            differences.Add(
                string.Create(CultureInfo.InvariantCulture, $"{path}: {before} items were recorded, {now} came")
            );
        for (var i = 0; i < Math.Min(before, now); i++)
            Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), recorded[i], live[i]);
    }

    private void CompareNumbers(string path, JsonElement recorded, JsonElement live)
    {
        // Other digits of one double, as of a large integer, are near only where nearness is asked for.
        if (_numbers != default && _numbers.Holds(recorded.GetDouble(), live.GetDouble()))
            return;
        // Other digits of one number, as 1.50 of 1.5. Numbers near zero are one decimal and not one double, large integers the reverse.
        if (
            recorded.TryGetDecimal(out var before)
            && live.TryGetDecimal(out var now)
            && before == now
            && recorded.GetDouble().Equals(live.GetDouble())
        )
            return;
        AddDifference(path, Shown.Summary(recorded), Shown.Summary(live));
    }

    // Documents of tensors, pictures and sound; what looks like one and is none is compared as any object.
    private static ITensorContent? TryContent(JsonElement value, IAttachmentSource files)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        try
        {
            if (value.TryGetProperty(TensorDocument.Mark, out _))
                return TensorDocument.Read(value, data => BytesIn(data, files));
            if (value.TryGetProperty(ImageForm.Mark, out _))
                return ImageForm.Read(value, files);
            return value.TryGetProperty(AudioForm.Mark, out _) ? AudioForm.Read(value, files) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> BytesIn(JsonElement data, IAttachmentSource files)
    {
        if (data.ValueKind != JsonValueKind.String)
            return AttachmentDocument.Read(data, files);
        return data.TryGetBytesFromBase64(out var bytes) ? bytes : throw new JsonException("It is no base64 text.");
    }

    private void AddDifference(string path, string recorded, string live) =>
        differences.Add($"{path}: {recorded} was recorded, {live} came");
}
