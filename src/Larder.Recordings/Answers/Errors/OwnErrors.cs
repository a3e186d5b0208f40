using System.Reflection;

namespace Larder.Recordings.Answers.Errors;

/// <summary>Makes exceptions of the program's own by their public constructors, each parameter by its name.</summary>
internal static class OwnErrors
{
    /// <summary>A maker for each constructor that could be it, the one that takes most first.</summary>
    public static IEnumerable<ErrorMaker> MakersOf(Type type) =>
        type.GetConstructors()
            .OrderByDescending(constructor => constructor.GetParameters().Length)
            .Select<ConstructorInfo, ErrorMaker>(constructor =>
                (message, document, inner) => Make(constructor, message, document, inner)
            );

    private static Exception? Make(
        ConstructorInfo constructor,
        string message,
        ErrorDocument document,
        IReadOnlyList<Exception> inner
    )
    {
        var parameters = constructor.GetParameters();
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            if (!TryArgument(parameters[i], message, document, inner, out arguments[i]))
                return null;
        }
        var made = (Exception)constructor.Invoke(arguments);
        SetRest(made, document);
        return made;
    }

    private static bool TryArgument(
        ParameterInfo parameter,
        string message,
        ErrorDocument document,
        IReadOnlyList<Exception> inner,
        out object? value
    )
    {
        value = null;
        if (parameter.ParameterType.IsAssignableTo(typeof(Exception)))
        {
            value = inner.Count > 0 ? inner[0] : null;
            return value is null || parameter.ParameterType.IsInstanceOfType(value);
        }
        if (parameter.ParameterType.IsAssignableFrom(typeof(Exception[])) && parameter.ParameterType != typeof(object))
        {
            value = inner.ToArray();
            return true;
        }
        foreach (var member in document.Details.EnumerateObject())
        {
            if (
                string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                && PlainValue.IsPlain(parameter.ParameterType)
            )
            {
                value = PlainValue.Read(member.Value, parameter.ParameterType);
                return true;
            }
        }
        value = message;
        return parameter.ParameterType == typeof(string)
            && string.Equals(parameter.Name, ErrorDocument.MessageMember, StringComparison.OrdinalIgnoreCase);
    }

    // What no constructor takes, and anybody may set.
    private static void SetRest(Exception made, ErrorDocument document)
    {
        foreach (var property in ErrorWriter.OwnProperties(made.GetType()))
        {
            if (
                property.SetMethod is { IsPublic: true }
                && PlainValue.IsPlain(property.PropertyType)
                && document.Details.TryGetProperty(property.Name, out var value)
            )
                property.SetValue(made, PlainValue.Read(value, property.PropertyType));
        }
    }
}
