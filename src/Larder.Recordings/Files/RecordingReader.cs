using System.Text.Json;
using System.Text.Unicode;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Reads the document of a recording, its members in any order, and takes nothing that is not as the format says.</summary>
/// <remarks>A recording is edited by hand and merged by git: what does not fit is told, never passed over.</remarks>
internal static class RecordingReader
{
    /// <summary>The end of a stream that came to its end.</summary>
    public const string Complete = "complete";

    /// <summary>The end of a stream that failed.</summary>
    public const string Failed = "error";

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = RecordingDocument.MaxDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="RecordingDamagedException">It is gone, or no such document.</exception>
    public static ReadDocument ReadFile(string file) =>
        Read(FileBytes.TryRead(file, FileBytes.MostDocumentBytes, out _) ?? throw Damage.Of(file, "it is gone"), file);

    /// <summary>Reads a document.</summary>
    /// <exception cref="RecordingDamagedException">It is none, or of a newer format.</exception>
    public static ReadDocument Read(ReadOnlySpan<byte> bytes, string file)
    {
        try
        {
            return ReadRoot(Parse(bytes, file), file);
        }
        catch (FormatException wrong)
        {
            throw Damage.Of(file, wrong.Message);
        }
        catch (InvalidOperationException notText)
        {
            throw Damage.Of(file, "it has half of a surrogate pair where a name or a text belongs", inner: notText);
        }
    }

    private static JsonElement Parse(ReadOnlySpan<byte> bytes, string file)
    {
        // An editor may have put a mark of byte order there.
        var text = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        if (text.IndexOfAnyExcept(" \t\r\n\0"u8) < 0)
            throw Damage.Of(file, "it is empty");
        if (!Utf8.IsValid(text))
            throw Foreign(text, file)
                ?? Damage.Of(file, "it is not in UTF-8", $"Save it in UTF-8 again, or {Damage.RecordAnew}");
        try
        {
            return JsonElement.Parse(text, Options);
        }
        catch (JsonException broken)
        {
            var reason = broken.Message.TrimEnd('.');
            throw Foreign(text, file)
                ?? Damage.Of(
                    file,
                    IsJson(text)
                        ? $"no recording is like that ({reason})"
                        : $"it was cut short, or is no JSON ({reason})",
                    inner: broken
                );
        }
    }

    // A name twice in one object, or objects nested without end: JSON by its grammar, and still none to read an answer from.
    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (json.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What stands in the place of a file in a repository where somebody has something left to do; null for anything else.</summary>
    public static RecordingDamagedException? Foreign(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.StartsWith("version https://git-lfs."u8))
            return Damage.Of(file, "it is a pointer of Git LFS and not the file", "Run 'git lfs pull'");
        if (bytes.StartsWith("<<<<<<< "u8) || bytes.IndexOf("\n<<<<<<< "u8) >= 0)
            return Damage.Of(file, "a merge has left its marks in it", $"Choose one side, or {Damage.RecordAnew}");
        return null;
    }

    private static ReadDocument ReadRoot(JsonElement root, string file)
    {
        RequireObject(root, "the document");
        RequireFormat(root, file);
        JsonElement? answer = null;
        JsonElement? stream = null;
        JsonElement? error = null;
        JsonElement? request = null;
        Digest? key = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "format":
                    break;
                case "key":
                    key = Digest.TryParse(TextOf(member), out var digest) ? digest : throw Unfit("key", "no digest");
                    break;
                case "request":
                    request = member.Value;
                    break;
                case "answer":
                    answer = member.Value;
                    break;
                case "stream":
                    stream = member.Value;
                    break;
                case "error":
                    error = member.Value;
                    break;
                default:
                    throw Unknown(member);
            }
        }
        return new ReadDocument(
            key ?? throw Missing("key"),
            request ?? throw Missing("request"),
            ReadOutcome(answer, stream, error)
        );
    }

    private static void RequireFormat(JsonElement root, string file)
    {
        if (!root.TryGetProperty("format", out var format))
            throw Missing("format");
        if (format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var number) || number < 1)
            throw Unfit("format", Shown.Value(format));
        if (number > RecordingDocument.Format)
        {
            throw Damage.Of(
                file,
                FormattableString.Invariant(
                    $"it is of format {number}, and this version of Larder reads format {RecordingDocument.Format}"
                ),
                $"Take a newer version of Larder, or {Damage.RecordAnew}"
            );
        }
    }

    private static RecordedOutcome ReadOutcome(JsonElement? answer, JsonElement? stream, JsonElement? error)
    {
        if (error is { ValueKind: not JsonValueKind.Object } wrong)
            throw Unfit("error", Shown.Value(wrong));
        return (answer, stream) switch
        {
            ({ }, { }) => throw new FormatException("it has both an answer and a stream"),
            ({ } whole, null) => error is null
                ? ReadAnswer(whole)
                : throw new FormatException("it has both an answer and an error"),
            (null, { } items) => ReadStream(items, error),
            _ => new RecordedOutcome(RecordedOutcome.Nothing) { Error = error ?? throw Missing("answer") },
        };
    }

    private static RecordedOutcome ReadAnswer(JsonElement answer)
    {
        RequireObject(answer, "'answer'");
        string? type = null;
        JsonElement? value = null;
        foreach (var member in answer.EnumerateObject())
        {
            switch (member.Name)
            {
                case "type":
                    type = TextOf(member);
                    break;
                case "value":
                    value = member.Value;
                    break;
                default:
                    throw Unknown(member);
            }
        }
        if (type is null)
            throw Missing("answer.type");
        return (type == RecordedOutcome.Nothing) == (value is null) ? new RecordedOutcome(type) { Answer = value }
            : value is null ? throw Missing("answer.value")
            : throw new FormatException("it answers nothing, and has a value");
    }

    private static RecordedOutcome ReadStream(JsonElement stream, JsonElement? error)
    {
        RequireObject(stream, "'stream'");
        string? type = null;
        string? end = null;
        JsonElement[]? items = null;
        double[]? milliseconds = null;
        foreach (var member in stream.EnumerateObject())
        {
            switch (member.Name)
            {
                case "type":
                    type = TextOf(member);
                    break;
                case "items":
                    items = ItemsOf(member);
                    break;
                case "milliseconds":
                    milliseconds = [.. ItemsOf(member).Select(TimeOf)];
                    break;
                case "end":
                    end = TextOf(member);
                    break;
                default:
                    throw Unknown(member);
            }
        }
        if (items is null)
            throw Missing("stream.items");
        if (milliseconds is not null && milliseconds.Length != items.Length)
        {
            throw new FormatException(
                FormattableString.Invariant(
                    $"its stream has {items.Length} items and tells {milliseconds.Length} times"
                )
            );
        }
        RequireEnd(end, error);
        return new RecordedOutcome(type ?? throw Missing("stream.type"))
        {
            Items = items,
            Milliseconds = milliseconds,
            Error = error,
        };
    }

    private static void RequireEnd(string? end, JsonElement? error)
    {
        switch (end)
        {
            case null:
                throw Missing("stream.end");
            case Complete when error is not null:
                throw new FormatException("its stream came to its end, and has an error");
            case Failed when error is null:
                throw Missing("error");
            case Complete or Failed:
                break;
            default:
                throw Unfit("stream.end", $"neither '{Complete}' nor '{Failed}'");
        }
    }

    private static string TextOf(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.String
            ? member.Value.GetString()!
            : throw Unfit(member.Name, Shown.Value(member.Value));

    private static JsonElement[] ItemsOf(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.Array
            ? [.. member.Value.EnumerateArray()]
            : throw Unfit(member.Name, Shown.Value(member.Value));

    private static double TimeOf(JsonElement time) =>
        time.ValueKind == JsonValueKind.Number
        && time.TryGetDouble(out var milliseconds)
        && milliseconds is >= 0 and < double.PositiveInfinity
            ? milliseconds
            : throw Unfit("milliseconds", Shown.Value(time));

    private static void RequireObject(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{what} is {Shown.Value(element)} and not an object");
    }

    private static FormatException Missing(string name) => new($"the member '{name}' is missing");

    private static FormatException Unfit(string name, string found) => new($"the member '{name}' is {found}");

    private static FormatException Unknown(JsonProperty member) =>
        new($"there is a member {Printable.Quote(member.Name)}, which this format has not");
}
