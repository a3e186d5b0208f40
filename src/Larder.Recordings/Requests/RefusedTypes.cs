using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>Types that are refused with a better reason than that they hide what they hold.</summary>
internal static class RefusedTypes
{
    /// <summary>Refuses values of the type; null when it is no such type.</summary>
    public static ValueForm? Of(Type type) => ReasonFor(type) is { } reason ? Refuse(reason) : null;

    private static ValueForm Refuse(string reason) => (request, _, _) => throw request.Refused(reason);

    private static string? ReasonFor(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"A {type} is code, which has no content to tell it by. Mark it [NotRecorded] when the answer does not depend on what it does.";
        if (typeof(MemberInfo).IsAssignableFrom(type))
            return "A type or member of one is code, which has no content to tell it by. Give its name.";
        if (type == typeof(Pointer) || type.IsPointer)
            return "A pointer tells nothing of what it points to. Give the bytes.";
        if (typeof(Task).IsAssignableFrom(type) || Is(type, typeof(ValueTask<>)) || type == typeof(ValueTask))
            return "A task may not have its result yet. Await it, and give the result.";
        if (Has(type, typeof(IAsyncEnumerable<>)))
            return "A stream of items is read once, and the service needs it. Give a list.";

        return IsLazy(type)
            ? "The sequence is computed while it is read: reading it for the request could use it up, or the service could get other items. Give a list, such as [.. items]."
            : null;
    }

    private static bool IsLazy(Type type) =>
        typeof(IEnumerable).IsAssignableFrom(type)
        && CollectionTypes.KindOf(type) is ShapeKind.Members
        && (type.Namespace == "System.Linq" || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));

    private static bool Has(Type type, Type definition) =>
        type.GetInterfaces().Prepend(type).Any(one => Is(one, definition));

    private static bool Is(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
