using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larder.Recordings.Answers.Converters;
using Larder.Recordings.Media;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Answers;

/// <summary>The serializer's options for answers: the user's, made exact.</summary>
internal static class AnswerJson
{
    public static JsonSerializerOptions Options(RecordingsOptions options, Redactor redactor)
    {
        var json = options.Json is null ? new JsonSerializerOptions() : new JsonSerializerOptions(options.Json);
        json.IncludeFields = true;
        json.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals;
        // A member that the type no longer has would be dropped in silence.
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        // People and formatters sort members.
        json.AllowOutOfOrderMetadataProperties = true;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.WriteIndented = false;
        var contract = new AnswerContract([.. options.Types.Distinct()]);
        var resolver = json.TypeInfoResolver is { } given
            ? JsonTypeInfoResolver.Combine(given, new DefaultJsonTypeInfoResolver())
            : new DefaultJsonTypeInfoResolver();
        json.TypeInfoResolver = resolver.WithAddedModifier(contract.Apply);
        var converters = Converters(options, redactor).Concat(json.Converters).ToArray();
        json.Converters.Clear();
        foreach (var converter in converters)
            json.Converters.Add(converter);
        json.MakeReadOnly();
        return json;
    }

    private static IEnumerable<JsonConverter> Converters(RecordingsOptions options, Redactor redactor)
    {
        foreach (var form in options.Forms.All.Values)
            yield return FormConverterOf(form);
        yield return new TextConverter();
        yield return new CharConverter();
        if (options.Json?.Converters.Any(converter => converter.CanConvert(typeof(DateTime))) != true)
            yield return new TimeConverter();
        yield return new BigIntegerConverter();
        yield return new ObjectConverter(new KnownTypes(options));
        yield return new PathConverter<FileInfo>(path => new FileInfo(path));
        yield return new PathConverter<DirectoryInfo>(path => new DirectoryInfo(path));
        yield return Bytes<byte[]>(bytes => bytes, bytes => bytes);
        yield return Bytes<Memory<byte>>(bytes => bytes, bytes => bytes);
        yield return Bytes<ReadOnlyMemory<byte>>(bytes => bytes, bytes => bytes);
        yield return Bytes<Stream>(StreamBytes.Of, bytes => new MemoryStream(bytes));
        yield return Bytes<MemoryStream>(StreamBytes.Of, bytes => new MemoryStream(bytes));
        yield return new NumbersConverterFactory();
        yield return new TableConverterFactory();
        yield return new ContentConverter<RecordedTensor>(TensorForm.Write, TensorForm.Read);
        yield return new ContentConverter<RecordedImage>(
            (writer, image, _) => ImageForm.Write(writer, image),
            (document, _) => ImageForm.Read(document, AttachmentScope.ToRead)
        );
        yield return new ContentConverter<RecordedAudio>(
            (writer, audio, _) => AudioForm.Write(writer, audio),
            (document, _) => AudioForm.Read(document, AttachmentScope.ToRead)
        );

        BytesConverter<T> Bytes<T>(Func<T, ReadOnlyMemory<byte>> to, Func<byte[], T> from) =>
            new(options.InlineBytes, redactor, to, from);
    }

    private static JsonConverter FormConverterOf(RecordedForm form) =>
        (JsonConverter)Activator.CreateInstance(typeof(FormConverter<>).MakeGenericType(form.Type), form)!;
}
