using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Larder.Content.Requests;

/// <summary>What is to be known of a type to write its values into a request.</summary>
[RequiresUnreferencedCode(ReadsProperties)]
internal sealed class TypeShape
{
    /// <summary>Why none of this is for trimmed programs.</summary>
    public const string ReadsProperties = "The public properties of values are read, which trimming may remove.";

    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;

    private readonly Dictionary<Type, string> _derived;
    private readonly ValueRules _rules;

    public TypeShape(Type type, ValueRules rules)
    {
        _rules = rules;
        Element = CollectionTypes.ElementOf(type) is { } element ? Unwrap(element) : null;
        _derived = type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
            .Where(attribute => attribute.TypeDiscriminator is string)
            .ToDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);
        Kind = CollectionTypes.KindOf(type);
        if (Kind is not ShapeKind.Members)
            return;

        Problem = FindProblem(type);
        Members = Problem is null ? MembersOf(type) : [];
        Problem ??= FindWrongName(type);
        if (Problem is not null)
            Kind = ShapeKind.Refused;
    }

    public ShapeKind Kind { get; }

    /// <summary>Why values of the type are refused, when they are.</summary>
    public string? Problem { get; }

    /// <summary>What the items of a list or set or the values of a dictionary are declared as.</summary>
    public Type? Element { get; }

    /// <summary>The members, sorted as their names are in canonical JSON.</summary>
    public ShapeMember[] Members { get; } = [];

    /// <summary>What a boxed value of a declared type is.</summary>
    public static Type Unwrap(Type declared) => Nullable.GetUnderlyingType(declared) ?? declared;

    /// <summary>How a subclass is named where this type is declared.</summary>
    public string NameOf(Type derived) => _derived.GetValueOrDefault(derived) ?? derived.ToString();

    /// <summary>The properties that a request tells of.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type, ValueRules rules) =>
        type.GetProperties(Public)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !rules.IsLeftOut(property));

    private ShapeMember[] MembersOf(Type type)
    {
        var fields = type.GetFields(Public).Where(field => !_rules.IsLeftOut(field));
        ShapeMember[] members =
        [
            .. PropertiesOf(type, _rules).Concat<MemberInfo>(fields).Select(m => new ShapeMember(m)),
        ];
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return members;
    }

    private string? FindProblem(Type type)
    {
        var hidden = new TypeState(_rules).FindHidden(type);
        if (type == typeof(object) || (hidden is not null && IsOfThePlatform(type)))
            return $"A value of {type} shows nothing that could name it; give what it stands for, or mark the property {_rules.Mark}{_rules.OtherRemedy}.";
        if (hidden is not null)
            return $"{type} holds state in '{hidden.Name}' that no public property shows, so that two different objects would have one key; make it public, or mark it {_rules.Mark} when the {_rules.Dependent} does not depend on it{_rules.OtherRemedy}.";

        return PropertiesOf(type, _rules).FirstOrDefault(property => IsOfTheStack(property.PropertyType)) is { } odd
            ? $"The property '{odd.Name}' of {type} cannot be read as an object; mark it {_rules.Mark}."
            : null;
    }

    private static bool IsOfThePlatform(Type type) => type.Namespace?.Split('.')[0] is "System";

    private static bool IsOfTheStack(Type type) => type.IsByRef || type.IsByRefLike || type.IsPointer;

    private string? FindWrongName(Type type)
    {
        string[] names = [.. Members.Select(member => member.Name)];
        var twice = names.Where((name, i) => i > 0 && name == names[i - 1]).FirstOrDefault();
        if (twice is not null)
            return $"{type} has more than one property named '{twice}' in JSON; rename one.";

        var odd = names.FirstOrDefault(name => !Utf16.IsWellFormed(name) || name is "" or [<= '$', ..]);
        return odd is null
            ? null
            : $"{type} has a property named '{odd}' in JSON; choose a name that begins with a letter.";
    }
}
