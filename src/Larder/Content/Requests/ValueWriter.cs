using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Content.Requests;

/// <summary>The walk that writes a value and all below it.</summary>
[RequiresUnreferencedCode(TypeShape.ReadsProperties)]
internal sealed class ValueWriter(RequestWriter request)
{
    /// <summary>The name under which a value says its type, where its declaration does not.</summary>
    private const string TypeName = "$type";

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value; its properties are those of what it is, not of what it is declared as.</param>
    /// <param name="declared">What a reader knows of its type; null when nothing says it.</param>
    public void Write(object? value, Type? declared)
    {
        if (request.Forms?.TryWrite(request, value, declared) != true)
            WriteItself(value, declared);
    }

    /// <summary>Writes a value that no form is asked for; what is in it has its forms.</summary>
    public void WriteItself(object? value, Type? declared)
    {
        switch (value)
        {
            case null:
                request.WriteNull();
                break;
            case bool flag:
                request.WriteBoolean(flag);
                break;
            case string text:
                request.WriteText(text);
                break;
            case JsonNode or JsonElement:
                WriteJson(value, declared);
                break;
            default:
                if (!TryWriteNumber(value) && !TryWriteText(value, declared))
                    WriteStructure(value, declared);
                break;
        }
    }

    private bool TryWriteNumber(object value)
    {
        switch (value)
        {
            case int or long or short or sbyte or byte or ushort or uint:
                request.WriteNumber(((IConvertible)value).ToInt64(CultureInfo.InvariantCulture));
                break;
            case ulong number:
                request.WriteNumber(number);
                break;
            case double number:
                request.WriteNumber(number);
                break;
            case float number:
                request.WriteNumber(number);
                break;
            case decimal number:
                request.WriteNumber(number);
                break;
            default:
                return false;
        }

        return true;
    }

    private bool TryWriteText(object value, Type? declared)
    {
        if (ScalarText.Of(value) is not { } text)
            return false;
        if (value is Enum && (char.IsAsciiDigit(text[0]) || text[0] == '-'))
            throw request.Refused($"{text} is no named value of {value.GetType()}; give a named one.");

        // In a property of type object, the text would be that of a string too.
        if (value.GetType() != declared)
            throw request.Refused(
                $"A {value.GetType()} in a place that is not declared as one would have the key of the string {Printable.Quote(text)}; declare the type, or give the string."
            );
        request.WriteText(text);
        return true;
    }

    private void WriteStructure(object value, Type? declared)
    {
        var type = request.Rules.ShapeOf(value.GetType());
        switch (type.Kind)
        {
            case ShapeKind.List:
                WriteList((IEnumerable)value, ElementOf(declared));
                break;
            case ShapeKind.Set:
                WriteSet((IEnumerable)value, declared);
                break;
            case ShapeKind.Dictionary:
                WriteDictionary((IDictionary)value, declared);
                break;
            case ShapeKind.Members:
                WriteMembers(value, type, declared);
                break;
            default:
                throw request.Refused(type.Problem!);
        }
    }

    private void WriteList(IEnumerable items, Type? element)
    {
        var each = Begin(items);
        request.Enter("["u8);
        for (var index = 0; each.MoveNext(); index++)
        {
            request.At(index);
            request.WriteComma(index);
            Write(each.Current, element);
        }
        request.Leave("]"u8);
    }

    private void WriteSet(IEnumerable items, Type? declared)
    {
        if (declared is null || request.Rules.ShapeOf(declared).Kind is not ShapeKind.Set)
            throw request.Refused(
                "A set in a place that is not declared as one would have the key of a list; declare it as ISet or IReadOnlySet."
            );
        var element = ElementOf(declared);
        request.Enter("["u8);
        request.WriteSorted(items.Cast<object?>(), item => Write(item, element));
        request.Leave("]"u8);
    }

    private IEnumerator Begin(IEnumerable items)
    {
        try
        {
            return items.GetEnumerator();
        }
        catch (InvalidOperationException e)
        {
            throw request.Refused($"The {items.GetType()} was never made; give an empty one.", e);
        }
    }

    private void WriteDictionary(IDictionary dictionary, Type? declared)
    {
        string[] names = [.. dictionary.Keys.Cast<string>()];
        RefuseTypeName(names, declared);
        var values = Array.ConvertAll(names, name => dictionary[name]);
        var element = ElementOf(declared);
        request.WriteMembers(names, i => Write(values[i], element));
    }

    private void WriteMembers(object value, TypeShape type, Type? declared)
    {
        request.Enter("{"u8);
        var written = 0;
        // Two types may have the same properties and mean different things. "$" sorts before every name of a property.
        if (value.GetType() != declared)
        {
            request.WriteString(TypeName);
            request.Output.WriteRaw(":"u8);
            request.WriteString(request.Rules.ShapeOf(declared ?? typeof(object)).NameOf(value.GetType()));
            written++;
        }

        foreach (var member in type.Members)
        {
            request.At(member.Name);
            request.WriteComma(written++);
            member.WriteName(request.Output);
            Write(member.Read(value), member.Type);
        }
        request.Leave("}"u8);
    }

    private void WriteJson(object value, Type? declared)
    {
        var json = new JsonWriter(request);
        var node = value as JsonNode ?? json.NodeOf((JsonElement)value);
        if (node is JsonObject members)
            RefuseTypeName(json.MembersOf(members).Select(member => member.Key), declared);
        json.Write(node);
    }

    // Where anything may stand, this name would make of a dictionary what an object of some type is.
    private void RefuseTypeName(IEnumerable<string> names, Type? declared)
    {
        // Forms have names of callers that begin with "$" written otherwise.
        if (request.Forms is not null)
            return;
        if ((declared is null || declared == typeof(object)) && names.Contains(TypeName, StringComparer.Ordinal))
            throw request.Refused(
                $"A dictionary with the name '{TypeName}' could be taken for an object of that type; choose another name, or declare the dictionary."
            );
    }

    private Type? ElementOf(Type? declared) => declared is null ? null : request.Rules.ShapeOf(declared).Element;
}
