using System.Collections.Concurrent;
using System.Reflection;

namespace Larder.Recordings.Answers;

/// <summary>How the dictionaries and sets of an answer compare, in the order in which they are written.</summary>
/// <remarks>
/// JSON has no word for it: a dictionary that does not tell <c>A</c> from <c>a</c> would come back as one that does. What is read
/// again is written again, so that what both times compared alike has come back, as in a class that brings its own comparer.
/// </remarks>
internal static class ComparerTrace
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> Properties = new();

    [ThreadStatic]
    private static List<object?>? _current;

    /// <summary>Notes those of what is written meanwhile on this thread.</summary>
    public static List<object?> Of(Action write)
    {
        var before = _current;
        var trace = _current = [];
        try
        {
            write();
        }
        finally
        {
            _current = before;
        }
        return trace;
    }

    /// <summary>Notes how a collection compares.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="isInterface">Whether an interface declares it, which promises no order.</param>
    public static void Note(object collection, bool isInterface)
    {
        if (_current is null || Properties.GetOrAdd(collection.GetType(), Find) is not { } property)
            return;
        var comparer = property.GetValue(collection);
        _current.Add(IsUsual(comparer, property.PropertyType, isInterface) ? null : comparer);
    }

    /// <summary>The first comparer of what was written that is another one when it is read again; null when there is none.</summary>
    public static object? Lost(List<object?> written, List<object?> again)
    {
        for (var i = 0; i < written.Count; i++)
        {
            if (!IsSame(written[i], i < again.Count ? again[i] : null))
                return written[i] ?? again[i];
        }
        return null;
    }

    private static PropertyInfo? Find(Type type) =>
        Array.Find(
            type.GetProperties(BindingFlags.Instance | BindingFlags.Public),
            property =>
                property.Name is "Comparer" or "KeyComparer"
                && property.PropertyType.IsGenericType
                && property.PropertyType.GetGenericTypeDefinition() is var definition
                && (definition == typeof(IEqualityComparer<>) || definition == typeof(IComparer<>))
        );

    private static bool IsUsual(object? comparer, Type declared, bool isInterface)
    {
        if (comparer is null)
            return true;
        var isEquality = declared.GetGenericTypeDefinition() == typeof(IEqualityComparer<>);
        // What a dictionary of texts does by itself; a sorted one goes by the culture.
        if (comparer.Equals(StringComparer.Ordinal))
            return isEquality || isInterface;
        var usual = (isEquality ? typeof(EqualityComparer<>) : typeof(Comparer<>))
            .MakeGenericType(declared.GetGenericArguments())
            .GetProperty("Default")!
            .GetValue(null);
        return comparer.Equals(usual);
    }

    // A class that makes its own comparer makes another of the same class each time.
    private static bool IsSame(object? left, object? right) =>
        Equals(left, right) || (left is not (null or StringComparer) && left.GetType() == right?.GetType());
}
