using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Larder.Content.Requests;

/// <summary>Which types are lists, sets and dictionaries to a request, and of what.</summary>
[RequiresUnreferencedCode(TypeShape.ReadsProperties)]
internal static class CollectionTypes
{
    /// <summary>How values of the type are written; <see cref="ShapeKind.Members"/> for all that is no collection.</summary>
    public static ShapeKind KindOf(Type type)
    {
        if (!IsPlain(type))
            return ShapeKind.Members;
        if (Argument(type, typeof(IDictionary<,>)) is { } key)
            return key == typeof(string) && typeof(IDictionary).IsAssignableFrom(type)
                ? ShapeKind.Dictionary
                : ShapeKind.Members;
        if ((Argument(type, typeof(ISet<>)) ?? Argument(type, typeof(IReadOnlySet<>))) is not null)
            return ShapeKind.Set;

        return Argument(type, typeof(IReadOnlyList<>)) is not null ? ShapeKind.List : ShapeKind.Members;
    }

    /// <summary>What the items of a list or set or the values of a dictionary are declared as; null when nothing says it.</summary>
    public static Type? ElementOf(Type type) =>
        Argument(type, typeof(IDictionary<,>), index: 1)
        ?? Argument(type, typeof(IReadOnlyDictionary<,>), index: 1)
        ?? Argument(type, typeof(IEnumerable<>));

    // A collection of somebody's own may have more to tell than its items. The second are those that the compiler makes of [a, b].
    private static bool IsPlain(Type type) =>
        type.IsArray
            ? type.IsSZArray
            : type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal)
                ?? type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal);

    /// <summary>A type argument of the interface or class that the type is or implements; null where it does not.</summary>
    public static Type? Argument(Type type, Type definition, int index = 0) =>
        type.GetInterfaces()
            .Prepend(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition)
            ?.GetGenericArguments()[index];
}
