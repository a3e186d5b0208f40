using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larder.Recordings.Answers.Errors;

/// <summary>Writes exceptions. Where they were thrown is not recorded: a stack tells of one machine and one build.</summary>
internal static class ErrorWriter
{
    // Deeper than people nest them, and far from the depth that a JSON document may have.
    private const int MaxDepth = 16;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of an exception.</summary>
    public static JsonElement Write(Exception error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            Write(writer, error, MaxDepth);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>What an exception holds of its own.</summary>
    public static JsonElement DetailsOf(Exception error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            WriteDetails(writer, error);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>The properties that a type of exceptions has of its own.</summary>
    public static IEnumerable<PropertyInfo> OwnProperties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property =>
                property.CanRead
                && property.GetMethod!.IsPublic
                && property.GetIndexParameters().Length == 0
                // Also where they are overridden, as Message often is.
                && typeof(Exception).GetProperty(property.Name) is null
                && !IsOfTheCall(property.PropertyType)
            )
            .DistinctBy(property => property.Name, StringComparer.Ordinal)
            .OrderBy(property => property.Name, StringComparer.Ordinal);

    private static void Write(Utf8JsonWriter writer, Exception error, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString(ErrorDocument.TypeMember, TypeName.Of(error.GetType()));
        writer.WriteString(ErrorDocument.MessageMember, error.Message);
        writer.WritePropertyName(ErrorDocument.DetailsMember);
        WriteDetails(writer, error);
        if (depth > 1)
            WriteInner(writer, error, depth - 1);
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, Exception error)
    {
        var omitted = new List<string>();
        writer.WriteStartObject();
        WriteProperties(writer, error, omitted);
        WriteData(writer, error, omitted);
        if (omitted.Count > 0)
        {
            writer.WriteStartArray(ErrorDocument.OmittedMember);
            omitted.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter writer, Exception error, List<string> omitted)
    {
        foreach (var property in OwnProperties(error.GetType()))
        {
            if (!TryGet(property, error, out var value) || (value is not null && !PlainValue.IsPlain(value.GetType())))
            {
                // The exceptions that an aggregate holds are its inner ones.
                if (value is not IEnumerable<Exception>)
                    omitted.Add(property.Name);
                continue;
            }
            writer.WritePropertyName(property.Name);
            PlainValue.Write(value).WriteTo(writer);
        }
    }

    private static void WriteData(Utf8JsonWriter writer, Exception error, List<string> omitted)
    {
        if (error.Data.Count == 0)
            return;
        writer.WriteStartObject(ErrorDocument.DataMember);
        foreach (DictionaryEntry entry in error.Data)
        {
            if (entry.Key is string key && (entry.Value is null || PlainValue.IsPlain(entry.Value.GetType())))
            {
                writer.WritePropertyName(key);
                PlainValue.Write(entry.Value).WriteTo(writer);
            }
            else
            {
                omitted.Add($"{nameof(Exception.Data)}[{entry.Key}]");
            }
        }
        writer.WriteEndObject();
    }

    private static void WriteInner(Utf8JsonWriter writer, Exception error, int depth)
    {
        if (error is AggregateException aggregate)
        {
            writer.WriteStartArray(ErrorDocument.InnerMember);
            foreach (var inner in aggregate.InnerExceptions)
                Write(writer, inner, depth);
            writer.WriteEndArray();
        }
        else if (error.InnerException is { } inner)
        {
            writer.WritePropertyName(ErrorDocument.InnerMember);
            Write(writer, inner, depth);
        }
    }

    private static bool TryGet(PropertyInfo property, Exception error, out object? value)
    {
        value = null;
        try
        {
            value = property.GetValue(error);
            return true;
        }
        // A property that fails says nothing, nor does one of a span; the exception itself is what the caller must see.
        catch (Exception e) when (e is TargetInvocationException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsOfTheCall(Type type) =>
        type == typeof(CancellationToken) || type.IsAssignableTo(typeof(Task));
}
