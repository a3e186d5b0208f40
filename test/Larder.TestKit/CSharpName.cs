using System.Reflection;

namespace Larder.TestKit;

/// <summary>Types by the names that C# gives them.</summary>
internal static class CSharpName
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
    };

    /// <summary>The type as used in a signature, without its namespace.</summary>
    public static string Of(Type type) => Of(type, nullability: null);

    /// <summary>The type as used in a signature, with a question mark wherever null is allowed.</summary>
    public static string Of(NullabilityInfo nullability) => Of(nullability.Type, nullability);

    /// <summary>The type as declared, with its namespace and parameters.</summary>
    public static string OfDeclared(Type type) => $"{type.Namespace}.{Of(type)}";

    /// <summary>What generic parameters demand, each as <c> where T : …</c>.</summary>
    public static string ConstraintsOf(IEnumerable<Type> parameters) =>
        string.Concat(
            from parameter in parameters
            where parameter.IsGenericParameter
            let demands = DemandsOf(parameter).ToArray()
            where demands.Length > 0
            select $" where {parameter.Name} : {string.Join(", ", demands)}"
        );

    private static IEnumerable<string> DemandsOf(Type parameter)
    {
        GenericParameterAttributes attributes = parameter.GenericParameterAttributes;
        bool isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            yield return "class";
        if (isStruct)
            yield return "struct";
        foreach (Type constraint in parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)))
            yield return Of(constraint);
        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            yield return "new()";
    }

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) + "?";

        string mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";

        string name = Keywords.GetValueOrDefault(type) ?? type.Name.Split('`')[0];
        if (type.IsNested && !type.IsGenericParameter)
            name = $"{type.DeclaringType!.Name}.{name}";
        return name + ArgumentsOf(type, nullability) + mark;
    }

    private static string ArgumentsOf(Type type, NullabilityInfo? nullability)
    {
        Type[] arguments = type.GetGenericArguments();
        if (arguments.Length == 0)
            return "";

        NullabilityInfo[] known = nullability?.GenericTypeArguments ?? [];
        IEnumerable<string> names = arguments.Select((argument, i) => Of(argument, i < known.Length ? known[i] : null));
        return $"<{string.Join(", ", names)}>";
    }
}
