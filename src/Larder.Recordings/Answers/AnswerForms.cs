using System.Reflection;
using System.Text.Json;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Answers;

/// <summary>Writes answers and errors as JSON and makes them again, exactly.</summary>
internal sealed class AnswerForms(RecordingsOptions options, string root, Redactor redactor)
{
    /// <summary>Refuses a type of answers that cannot come back as they are.</summary>
    /// <exception cref="NotRecordableException">With the path to the member that cannot.</exception>
    public void Require(Type answer, string method) =>
        throw new NotImplementedException(options.ToString() + root + redactor);

    /// <summary>What a type of answers is called in a recording: full names, as they stand in C#.</summary>
    public static string NameOf(Type answer) => throw new NotImplementedException();

    /// <summary>Writes an answer, and makes sure that it comes back as it is.</summary>
    /// <exception cref="NotRecordableException">It does not.</exception>
    public JsonElement Write<T>(T answer, Attachments attachments) => throw new NotImplementedException();

    /// <summary>What to hand on in place of an answer that writing it down uses up, such as a stream; else the answer.</summary>
    public T Rereadable<T>(T answer) => throw new NotImplementedException();

    /// <summary>Makes an answer of what was written: a new object each time.</summary>
    /// <exception cref="JsonException">It is not of that type.</exception>
    public T Read<T>(JsonElement answer, IAttachmentSource attachments) => throw new NotImplementedException();

    /// <summary>Writes an exception: its type, message, properties, data and inner exceptions.</summary>
    public JsonElement WriteError(Exception error) => throw new NotImplementedException();

    /// <summary>Makes an exception of what was written.</summary>
    /// <param name="error">What was written.</param>
    /// <param name="known">Assemblies whose exceptions may be made.</param>
    public Exception ReadError(JsonElement error, IReadOnlyCollection<Assembly> known) =>
        throw new NotImplementedException();
}
