using System.Collections.Concurrent;
using System.Globalization;

namespace Larder.Recordings.Answers;

/// <summary>Full names of types as they stand in C#, without assemblies, so that a new version of one changes no recording.</summary>
internal static class TypeName
{
    private static readonly ConcurrentDictionary<Type, string> Known = new();

    public static string Of(Type type) => Known.GetOrAdd(type, Make);

    private static string Make(Type type)
    {
        if (type == typeof(void))
            return Files.RecordedOutcome.Nothing;
        if (type.IsByRef || type.IsPointer)
            return Of(type.GetElementType()!) + (type.IsByRef ? "&" : "*");
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying)}?";
        if (type.IsArray)
            return ArrayName(type);
        if (type.IsGenericParameter)
            return type.Name;
        var arguments = new Queue<Type>(type.GetGenericArguments());
        var names = Outermost(type).Reverse().Select(part => PartName(part, arguments));
        var name = string.Join('.', names);
        return string.IsNullOrEmpty(type.Namespace) ? name : $"{type.Namespace}.{name}";
    }

    // An array of arrays is read from the outside, as int[][,] for an array of tables.
    private static string ArrayName(Type type)
    {
        var ranks = "";
        var element = type;
        for (; element.IsArray; element = element.GetElementType()!)
            ranks += $"[{new string(',', element.GetArrayRank() - 1)}]";
        return Of(element) + ranks;
    }

    private static IEnumerable<Type> Outermost(Type type)
    {
        for (var part = type; part is not null; part = part.DeclaringType)
            yield return part;
    }

    // A nested type has the arguments of those around it, too: each part takes its own.
    private static string PartName(Type part, Queue<Type> arguments)
    {
        var mark = part.Name.IndexOf('`', StringComparison.Ordinal);
        if (mark < 0)
            return part.Name;
        var own = int.Parse(part.Name.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        var names = Enumerable.Range(0, own).Select(_ => Of(arguments.Dequeue())).ToArray();
        return $"{part.Name[..mark]}<{string.Join(", ", names)}>";
    }
}
