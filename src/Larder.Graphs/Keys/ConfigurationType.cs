using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Larder.Content;

namespace Larder.Graphs.Keys;

/// <summary>What is to be known of a type to write its values into a key; found out once.</summary>
[RequiresUnreferencedCode(ReadsProperties)]
internal sealed class ConfigurationType
{
    /// <summary>Why none of this is for trimmed programs.</summary>
    public const string ReadsProperties =
        "The public properties of the configuration are read, which trimming may remove; use the untyped GraphKind.";

    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;

    // Weak, so that a plug-in's types can be unloaded.
    private static readonly ConditionalWeakTable<Type, ConfigurationType> Known = [];

    private readonly Dictionary<Type, string> _derived;

    private ConfigurationType(Type type)
    {
        Element = CollectionTypes.ElementOf(type) is { } element ? Unwrap(element) : null;
        _derived = type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
            .Where(attribute => attribute.TypeDiscriminator is string)
            .ToDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);
        Kind = CollectionTypes.KindOf(type);
        if (Kind is not ConfigurationKind.Members)
            return;

        Problem = FindProblem(type);
        Members = Problem is null ? MembersOf(type) : [];
        Problem ??= FindWrongName(type);
        if (Problem is not null)
            Kind = ConfigurationKind.Refused;
    }

    public ConfigurationKind Kind { get; }

    /// <summary>Why values of the type are refused, when they are.</summary>
    public string? Problem { get; }

    /// <summary>What the items of a list or set or the values of a dictionary are declared as.</summary>
    public Type? Element { get; }

    /// <summary>The members, sorted as their names are in canonical JSON.</summary>
    public ConfigurationMember[] Members { get; } = [];

    public static ConfigurationType Of(Type type) => Known.GetValue(type, static type => new ConfigurationType(type));

    /// <summary>What a boxed value of a declared type is.</summary>
    public static Type Unwrap(Type declared) => Nullable.GetUnderlyingType(declared) ?? declared;

    /// <summary>How a subclass is named where this type is declared.</summary>
    public string NameOf(Type derived) => _derived.GetValueOrDefault(derived) ?? derived.ToString();

    /// <summary>The properties that a key tells of.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(Public)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !property.IsDefined(typeof(NotPartOfKeyAttribute), inherit: true));

    private static ConfigurationMember[] MembersOf(Type type)
    {
        var fields = type.GetFields(Public).Where(field => !field.IsDefined(typeof(NotPartOfKeyAttribute)));
        ConfigurationMember[] members =
        [
            .. PropertiesOf(type).Concat<MemberInfo>(fields).Select(m => new ConfigurationMember(m)),
        ];
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return members;
    }

    private static string? FindProblem(Type type)
    {
        var hidden = ConfigurationState.FindHidden(type);
        if (type == typeof(object) || (hidden is not null && IsOfThePlatform(type)))
            return $"A value of {type} shows nothing that could name it; give what it stands for, or mark the property [NotPartOfKey].";
        if (hidden is not null)
            return $"{type} holds state in '{hidden.Name}' that no public property shows, so that two different objects would have one key; make it public, or mark it [NotPartOfKey] when the graph does not depend on it.";

        return PropertiesOf(type).FirstOrDefault(property => IsOfTheStack(property.PropertyType)) is { } odd
            ? $"The property '{odd.Name}' of {type} cannot be read as an object; mark it [NotPartOfKey]."
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
