using System.Collections;
using System.Reflection;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>Collections of .NET that JSON has no form of.</summary>
internal static class CollectionForms
{
    /// <summary>How values of the type are written; null when it is no such type.</summary>
    public static ValueForm? Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            return Make(nameof(WritePair), type.GetGenericArguments());
        if (CollectionTypes.KindOf(type) is var kind and not ShapeKind.Members)
            return kind is ShapeKind.Set ? WriteSet : null;
        if (type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) != true)
            return null;
        if (CollectionTypes.Argument(type, typeof(IReadOnlyDictionary<,>)) is { } key)
            return Make(nameof(WriteDictionary), [key, CollectionTypes.ElementOf(type)!]);

        // A queue or a stack: it is there to be read as often as one likes.
        return typeof(ICollection).IsAssignableFrom(type) && CollectionTypes.ElementOf(type) is not null
            ? WriteItems
            : null;
    }

    private static ValueForm Make(string name, Type[] types) =>
        typeof(CollectionForms)
            .GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(types)
            .CreateDelegate<ValueForm>();

    private static bool WritePair<TKey, TValue>(RequestWriter request, object value, Type? declared)
    {
        var (key, item) = (KeyValuePair<TKey, TValue>)value;
        var isKnown = declared == value.GetType();
        FormNames.Open(request, FormNames.Pair);
        WriteBoth(request, key, isKnown ? typeof(TKey) : null, item, isKnown ? typeof(TValue) : null);
        FormNames.Close(request);
        return true;
    }

    // In the place of anything, a set would be written as a list is.
    private static bool WriteSet(RequestWriter request, object value, Type? declared)
    {
        if (declared is not null && request.Rules.ShapeOf(declared).Kind is ShapeKind.Set)
            return false;

        // What the items are declared as is told by the declaration of the place, not by the set.
        var element = ElementOf(request, declared);
        var writer = new ValueWriter(request);
        FormNames.Open(request, FormNames.Set);
        request.Enter("["u8);
        request.WriteSorted(((IEnumerable)value).Cast<object?>(), item => writer.Write(item, element));
        request.Leave("]"u8);
        FormNames.Close(request);
        return true;
    }

    private static bool WriteItems(RequestWriter request, object value, Type? declared)
    {
        var element = ElementOf(request, declared);
        var writer = new ValueWriter(request);
        var index = 0;
        request.Enter("["u8);
        foreach (var item in (IEnumerable)value)
        {
            request.At(index);
            request.WriteComma(index++);
            writer.Write(item, element);
        }
        request.Leave("]"u8);
        return true;
    }

    // Names that are no strings: the pairs, sorted.
    private static bool WriteDictionary<TKey, TValue>(RequestWriter request, object value, Type? declared)
    {
        var key = declared is null
            ? null
            : CollectionTypes.Argument(declared, typeof(IDictionary<,>))
                ?? CollectionTypes.Argument(declared, typeof(IReadOnlyDictionary<,>));
        var element = key is null ? null : ElementOf(request, declared);
        FormNames.Open(request, FormNames.Dictionary);
        request.Enter("["u8);
        request.WriteSorted(
            (IReadOnlyDictionary<TKey, TValue>)value,
            pair => WriteBoth(request, pair.Key, key, pair.Value, element)
        );
        request.Leave("]"u8);
        FormNames.Close(request);
        return true;
    }

    private static void WriteBoth(RequestWriter request, object? key, Type? keyDeclared, object? value, Type? declared)
    {
        var writer = new ValueWriter(request);
        request.Enter("["u8);
        request.At(0);
        writer.Write(key, keyDeclared);
        request.WriteComma(1);
        // A list of pairs is what headers and forms come in: there too, a name tells that its value is a secret.
        if (key is string name)
            request.At(name);
        else
            request.At(1);
        writer.Write(value, declared);
        request.Leave("]"u8);
    }

    private static Type? ElementOf(RequestWriter request, Type? declared) =>
        declared is null ? null : request.Rules.ShapeOf(declared).Element;
}
