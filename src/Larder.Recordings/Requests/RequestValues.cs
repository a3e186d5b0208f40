using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>What values are in the requests of recordings, beyond what JSON has.</summary>
/// <remarks>Safe for use by several threads at once.</remarks>
internal sealed class RequestValues(
    IReadOnlyDictionary<Type, RecordedForm> registered,
    RootedPaths paths,
    Redactor redactor
) : IValueForms
{
    private static readonly ValueForm AsAnyOther = static (_, _, _) => false;

    // Weak, so that a plug-in's types can be unloaded.
    private readonly ConditionalWeakTable<Type, ValueForm> _forms = [];

    public bool TryWrite(RequestWriter request, object? value, Type? declared)
    {
        if (request.Name is { } name && redactor.IsSecret(name) && CanBeSecret(value, declared))
        {
            request.WriteString(RedactionRules.Redacted);
            return true;
        }

        return value is not null && FormOf(value.GetType())(request, value, declared);
    }

    public void WriteNumber(RequestWriter request, string text)
    {
        FormNames.Open(request, FormNames.Number);
        request.WriteString(text);
        FormNames.Close(request);
    }

    public string TextOf(string? name, string text) => redactor.Text(name, paths.Shorten(text))!;

    public string NameOf(string name)
    {
        var written = TextOf(name: null, name);
        return written.StartsWith('$') ? $"${written}" : written;
    }

    // A yes or no is none, and a number hardly ever: the limit of a password's length is named like one.
    private static bool CanBeSecret(object? value, Type? declared) =>
        value switch
        {
            null => declared is null || !IsNumber(declared),
            JsonNode node => CanBeSecret(node.GetValueKind()),
            JsonElement element => CanBeSecret(element.ValueKind),
            _ => !IsNumber(value.GetType()),
        };

    private static bool CanBeSecret(JsonValueKind kind) =>
        kind is not (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False);

    private static bool IsNumber(Type type) =>
        !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.Boolean and <= TypeCode.Decimal and not TypeCode.Char;

    private ValueForm FormOf(Type type) => _forms.TryGetValue(type, out var form) ? form : _forms.GetValue(type, Find);

    private ValueForm Find(Type type)
    {
        if (RegisteredFor(type) is { } own)
            return (request, value, _) => WriteRegistered(request, value, own);
        if (typeof(JsonNode).IsAssignableFrom(type) || type == typeof(JsonElement))
            return AsAnyOther;
        if (typeof(JsonDocument).IsAssignableFrom(type))
            return WriteDocument;
        if (LeftOut.Is(type))
            return WriteNothing;

        return ScalarForms.Of(type)
            ?? ContentForms.Of(type)
            ?? ArrayForms.Of(type)
            ?? CollectionForms.Of(type)
            ?? RefusedTypes.Of(type)
            ?? (IsAnonymous(type) ? WriteAnonymous : AsAnyOther);
    }

    private RecordedForm? RegisteredFor(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (registered.TryGetValue(at, out var form))
                return form;
        }
        return type.GetInterfaces().Select(registered.GetValueOrDefault).FirstOrDefault(form => form is not null);
    }

    private static bool WriteRegistered(RequestWriter request, object value, RecordedForm form)
    {
        FormNames.Open(request, FormNames.Form);
        request.WriteString(form.Type.ToString());
        FormNames.Next(request, "value");
        var writer = new ValueWriter(request);
        // A form of the same type leaves something out; it must not be made again of itself.
        if (form.Form == form.Type)
            writer.WriteItself(form.To(value), form.Form);
        else
            writer.Write(form.To(value), form.Form);
        FormNames.Close(request);
        return true;
    }

    private static bool WriteDocument(RequestWriter request, object value, Type? declared)
    {
        new ValueWriter(request).Write(((JsonDocument)value).RootElement, typeof(JsonElement));
        return true;
    }

    private static bool WriteNothing(RequestWriter request, object value, Type? declared)
    {
        request.WriteNull();
        return true;
    }

    private static bool IsAnonymous(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    // Its name says nothing, and is another one when the program is compiled again.
    private static bool WriteAnonymous(RequestWriter request, object value, Type? declared)
    {
        new ValueWriter(request).WriteItself(value, value.GetType());
        return true;
    }
}
