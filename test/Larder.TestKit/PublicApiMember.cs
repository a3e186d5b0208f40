using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Larder.TestKit;

/// <summary>One public or protected member as a line of text, near to how C# declares it.</summary>
internal static class PublicApiMember
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static string LineOf(MemberInfo member) =>
        member switch
        {
            FieldInfo field => LineOf(field),
            PropertyInfo property => LineOf(property),
            EventInfo @event => ModifiersOf(@event.AddMethod!)
                + $"event {CSharpName.Of(Nullability.Create(@event))} {@event.Name}",
            ConstructorInfo constructor => ModifiersOf(constructor)
                + $"{NameOf(constructor.DeclaringType!)}({ParametersOf(constructor)})",
            MethodInfo method => ModifiersOf(method) + Signature(method, method.Name),
            _ => throw new ArgumentException($"No text for a {member.MemberType}.", nameof(member)),
        };

    public static string Signature(MethodInfo method, string name)
    {
        Type[] generic = method.IsGenericMethod ? method.GetGenericArguments() : [];
        string types = generic.Length > 0 ? $"<{string.Join(", ", generic.Select(CSharpName.Of))}>" : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        string result = CSharpName.Of(Nullability.Create(method.ReturnParameter));
        return $"{result} {name}{types}({extension}{ParametersOf(method)}){CSharpName.ConstraintsOf(generic)}";
    }

    private static string LineOf(FieldInfo field)
    {
        string access = field.IsPublic ? "public " : "protected ";
        string modifiers = (field.IsLiteral, field.IsStatic, field.IsInitOnly) switch
        {
            (true, _, _) => "const ",
            (_, true, true) => "static readonly ",
            (_, true, false) => "static ",
            (_, false, true) => "readonly ",
            _ => "",
        };
        string value = field.IsLiteral ? " = " + ValueText(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{access}{modifiers}{CSharpName.Of(Nullability.Create(field))} {field.Name}{value}";
    }

    private static string LineOf(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
        IEnumerable<string> verbs = accessors.Select(accessor =>
            accessor switch
            {
                _ when accessor == property.GetMethod => "get; ",
                _ when accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) =>
                    "init; ",
                _ => "set; ",
            }
        );
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length > 0 ? $"this[{string.Join(", ", index.Select(ParameterText))}]" : property.Name;
        string type = CSharpName.Of(Nullability.Create(property));
        return $"{ModifiersOf(accessors[0])}{required}{type} {name} {{ {string.Concat(verbs)}}}";
    }

    private static string ModifiersOf(MethodBase method)
    {
        string access = method.IsPublic ? "public " : "protected ";
        if (method.IsStatic)
            return access + "static ";
        if (method.DeclaringType!.IsInterface)
            return method.IsAbstract ? "" : "virtual ";
        if (method is MethodInfo declared && declared.GetBaseDefinition() != declared)
            return access + (method.IsFinal ? "sealed override " : "override ");
        if (method.IsAbstract)
            return access + "abstract ";

        return method is { IsVirtual: true, IsFinal: false } ? access + "virtual " : access;
    }

    private static string ParametersOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(ParameterText));

    private static string ParameterText(ParameterInfo parameter)
    {
        string prefix = (parameter.IsOut, parameter.IsIn, parameter.ParameterType.IsByRef) switch
        {
            (true, _, true) => "out ",
            (_, true, true) => "in ",
            (_, _, true) => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) => "params ",
            _ => "",
        };
        string value = parameter.HasDefaultValue
            ? " = " + ValueText(parameter.RawDefaultValue, parameter.ParameterType)
            : "";
        return $"{prefix}{CSharpName.Of(Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string ValueText(object? value, Type type) =>
        value switch
        {
            // The default of a struct has no constant of its own.
            null => type.IsValueType ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
