using System.Text.Json;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Answers;

/// <summary>Writes answers and reads them back, by way of the text that a file would hold.</summary>
internal sealed class Forms
{
    public const string Root = "/home/ann/project";

    private readonly AnswerForms _forms;

    public Forms(Action<RecordingsOptions>? configure = null, string root = Root)
    {
        var options = new RecordingsOptions { Directory = "/recordings" };
        configure?.Invoke(options);
        _forms = new AnswerForms(options, root, new Redactor(options.Redaction));
    }

    public Attachments Attachments { get; } = new();

    public void Require<T>() => _forms.Require(typeof(T), "Service.Method");

    /// <summary>What a file would hold.</summary>
    public string Write<T>(T answer) => _forms.Write(answer, Attachments).GetRawText();

    public T Read<T>(string json) => _forms.Read<T>(JsonElement.Parse(json), Attachments);

    public T Back<T>(T answer) => Read<T>(Write(answer));

    public NotRecordableException Refused<T>(T answer) => Assert.Throws<NotRecordableException>(() => Write(answer));

    public string WriteError(Exception error) => _forms.WriteError(error).GetRawText();

    public Exception ReadError(string json, params System.Reflection.Assembly[] known) =>
        _forms.ReadError(JsonElement.Parse(json), known);

    public Exception BackError(Exception error, params System.Reflection.Assembly[] known) =>
        ReadError(WriteError(error), known);
}
