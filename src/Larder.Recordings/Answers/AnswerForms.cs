using System.Buffers;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Larder.Recordings.Answers.Errors;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Answers;

/// <summary>Writes answers and errors as JSON and makes them again, exactly.</summary>
internal sealed class AnswerForms
{
    private readonly JsonSerializerOptions _json;
    private readonly AnswerTypes _types;
    private readonly RootedPaths _paths;
    private readonly Redactor _redactor;
    private readonly ErrorReader _errors;

    public AnswerForms(RecordingsOptions options, string root, Redactor redactor)
    {
        _json = AnswerJson.Options(options, redactor);
        _types = new AnswerTypes(_json, options.Forms);
        _paths = new RootedPaths(root);
        _redactor = redactor;
        _errors = new ErrorReader([.. options.Errors]);
    }

    /// <summary>Refuses a type of answers that cannot come back as they are.</summary>
    /// <exception cref="NotRecordableException">With the path to the member that cannot.</exception>
    public void Require(Type answer, string method) => _types.Require(answer, method);

    /// <summary>What a type of answers is called in a recording: full names, as they stand in C#.</summary>
    public static string NameOf(Type answer) => TypeName.Of(answer);

    /// <summary>
    /// The answer, or what to give the caller in its place where recording it would use it up: a stream that cannot seek is read
    /// into memory, and a sequence that is not in memory is enumerated, once.
    /// </summary>
    public static T Rereadable<T>(T answer) => RereadableAnswer.Of(answer);

    /// <summary>Writes an answer, and makes sure that it comes back as it is.</summary>
    /// <exception cref="NotRecordableException">It does not.</exception>
    public JsonElement Write<T>(T answer, Attachments attachments)
    {
        using var scope = new AttachmentScope(attachments);
        JsonElement written = default;
        var comparers = ComparerTrace.Of(() => written = Serialized(answer));
        RequireSame<T>(written, comparers);
        var recorded = Recorded(written, out var isRedacted);
        if (isRedacted)
            RequireReadable<T>(recorded, attachments);
        return recorded;
    }

    /// <summary>Makes an answer of what was written: a new object each time.</summary>
    /// <exception cref="JsonException">It is not of that type.</exception>
    public T Read<T>(JsonElement answer, IAttachmentSource attachments)
    {
        using var scope = new AttachmentScope(attachments);
        try
        {
            return WithPaths(answer).Deserialize<T>(_json)!;
        }
        // Constructors and forms of the user's refuse values in their own words.
        catch (Exception e) when (e is not JsonException && IsOfValues(e))
        {
            throw new JsonException($"No {TypeName.Of(typeof(T))} can be made of the recorded answer: {e.Message}", e);
        }
    }

    /// <summary>Writes an exception: its type, message, properties, data and inner exceptions.</summary>
    public JsonElement WriteError(Exception error) => Recorded(ErrorWriter.Write(error), out _);

    /// <summary>Makes an exception of what was written.</summary>
    /// <param name="error">What was written.</param>
    /// <param name="known">Assemblies whose exceptions may be made.</param>
    /// <exception cref="JsonException">It is no error.</exception>
    public Exception ReadError(JsonElement error, IReadOnlyCollection<Assembly> known)
    {
        try
        {
            return _errors.Read(WithPaths(error), known);
        }
        catch (InvalidOperationException e)
        {
            // The parser lets an escaped half of a surrogate pair pass; reading it as a text is what fails.
            throw new JsonException($"The recorded error holds a text that is none: {e.Message}", e);
        }
    }

    private static bool IsOfValues(Exception error) =>
        error
            is JsonException
                or NotSupportedException
                or InvalidOperationException
                or ArgumentException
                or FormatException
                or OverflowException;

    private static NotRecordableException NotRecordable<T>(string place, string reason, Exception? innerException) =>
        new($"The answer, a {TypeName.Of(typeof(T))}, cannot be recorded: at {place} {reason}.", place, innerException);

    // Most documents hold no path, and are read as they are. A mark may be escaped where a person wrote it.
    private JsonElement WithPaths(JsonElement recorded)
    {
        var json = JsonMarshal.GetRawUtf8Value(recorded);
        return json.IndexOf("{root}"u8) >= 0 || json.IndexOf("\\u00"u8) >= 0
            ? TextPass.Apply(recorded, (_, text) => _paths.Restore(text))
            : recorded;
    }

    // Without secrets, and with paths that are true on every machine.
    private JsonElement Recorded(JsonElement written, out bool isRedacted)
    {
        var redacts = false;
        try
        {
            return TextPass.Apply(written, (name, text) => _paths.Shorten(WithoutSecrets(name, text, ref redacts)));
        }
        catch (JsonException e)
        {
            throw new NotRecordableException(
                $"What the call answered cannot be recorded: {e.Message} Texts that hold secrets, or paths below the root, were "
                    + "its names; use others.",
                "$",
                e
            );
        }
        finally
        {
            isRedacted = redacts;
        }
    }

    private string WithoutSecrets(string? name, string text, ref bool redacts)
    {
        var redacted = _redactor.Text(name, text) ?? text;
        redacts |= redacted != text;
        return redacted;
    }

    private JsonElement Serialized<T>(T answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(
            buffer,
            new JsonWriterOptions { Encoder = _json.Encoder, SkipValidation = true }
        );
        try
        {
            JsonSerializer.Serialize(writer, answer, _json);
            writer.Flush();
            return JsonElement.Parse(buffer.WrittenSpan);
        }
        // What converters and the serializer say of values that they cannot write.
        catch (Exception e) when (IsOfValues(e))
        {
            writer.Flush();
            throw NotRecordable<T>(PartialPath.Of(buffer.WrittenSpan), e.Message.TrimEnd('.'), e);
        }
    }

    private void RequireSame<T>(JsonElement written, List<object?> comparers)
    {
        var place = "$";
        var reason = "it does not come back as it was";
        try
        {
            JsonElement again = default;
            var comparersAgain = ComparerTrace.Of(() => again = Serialized(written.Deserialize<T>(_json)));
            if (JsonDifference.Find(written, again) is { } difference)
                place = difference;
            else if (ComparerTrace.Lost(comparers, comparersAgain) is { } comparer)
                reason =
                    $"a dictionary or a set compares by {TypeName.Of(comparer.GetType())} and would come back with another comparer";
            else
                return;
        }
        catch (Exception e) when (IsOfValues(e))
        {
            place = (e as JsonException)?.Path ?? place;
            reason = $"it cannot be read again ({e.Message.TrimEnd('.')})";
        }
        throw NotRecordable<T>(
            place,
            $"{reason}. Give the member a setter or a constructor's parameter of its name, or record another type in its place "
                + $"with {nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Forms)}",
            null
        );
    }

    private void RequireReadable<T>(JsonElement recorded, Attachments attachments)
    {
        try
        {
            Read<T>(recorded, attachments);
        }
        catch (JsonException e)
        {
            throw NotRecordable<T>(
                e.Path ?? "$",
                "a secret stood, and what stands for it is no value of that type. Record another type in its place with "
                    + $"{nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Forms)}, or leave the secret out of the answer",
                e
            );
        }
    }
}
