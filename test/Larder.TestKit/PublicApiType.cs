using System.Reflection;
using System.Runtime.CompilerServices;

namespace Larder.TestKit;

/// <summary>One public type as lines of text: a header, and its members indented below it.</summary>
internal static class PublicApiType
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> LinesOf(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
            return
            [
                "public delegate " + PublicApiMember.Signature(type.GetMethod("Invoke")!, CSharpName.OfDeclared(type)),
            ];

        IEnumerable<string> members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")
            : type.GetMembers(Declared)
                .Where(IsVisible)
                .Select(member => (member.Name, Line: PublicApiMember.LineOf(member)))
                .OrderBy(member => member.Name, StringComparer.Ordinal)
                .ThenBy(member => member.Line, StringComparer.Ordinal)
                .Select(member => member.Line);
        return members.Select(line => "    " + line).Prepend(HeaderOf(type));
    }

    private static string HeaderOf(Type type)
    {
        IEnumerable<string> bases = type.GetInterfaces()
            .Where(candidate => candidate.IsVisible && !IsInherited(type, candidate))
            .Select(CSharpName.Of)
            .Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && !type.IsValueType && parent != typeof(object))
            bases = bases.Prepend(CSharpName.Of(parent));

        string list = type.IsEnum ? "" : string.Join(", ", bases);
        string inheritance = list.Length > 0 ? " : " + list : "";
        string constraints = CSharpName.ConstraintsOf(type.GetGenericArguments());
        return $"public {KindOf(type)} {CSharpName.OfDeclared(type)}{inheritance}{constraints}";
    }

    private static bool IsInherited(Type type, Type candidate) =>
        type.BaseType?.IsAssignableTo(candidate) == true
        || type.GetInterfaces().Any(other => other != candidate && other.IsAssignableTo(candidate));

    private static string KindOf(Type type)
    {
        if (type.IsInterface)
            return "interface";
        if (type.IsEnum)
            return "enum";
        if (type.IsValueType)
        {
            string modifiers = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
            return modifiers + (type.IsByRefLike ? "ref struct" : "struct");
        }

        string inheritance = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        // Only the compiler can name a method so, and it does it for record classes.
        return inheritance + (type.GetMethod("<Clone>$") is null ? "class" : "record");
    }

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => false,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(PublicApiMember.IsVisible),
            EventInfo @event => PublicApiMember.IsVisible(@event.AddMethod!),
            // Accessors show with their property; overrides of object's members promise nothing new.
            MethodInfo method => PublicApiMember.IsVisible(method)
                && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
                && method.GetBaseDefinition().DeclaringType != typeof(object),
            ConstructorInfo constructor => PublicApiMember.IsVisible(constructor),
            _ => false,
        };
}
