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
        Element = CollectionTypes.ElementOf(type);
        _derived = type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
            .Where(attribute => attribute.TypeDiscriminator is string)
            .ToDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);
        Kind = CollectionTypes.KindOf(type);
        if (Kind is not ConfigurationKind.Members)
            return;

        Members = MembersOf(type);
        Problem = ProblemOf(type);
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

    private string? ProblemOf(Type type)
    {
        if (type == typeof(object) || type.IsPointer || typeof(Delegate).IsAssignableFrom(type))
            return $"A value of {type} tells nothing that could name it; give what it stands for, or mark the property [NotPartOfKey].";
        if (ConfigurationState.FindHidden(type) is { } hidden)
            return $"{type} holds state in '{hidden.Name}' that no public property shows, so that two different objects would have one key; make it public, or mark it [NotPartOfKey] when the graph does not depend on it.";
        if (
            Members.FirstOrDefault(member => !Utf16.IsWellFormed(member.Name) || member.Name is "" or ['$', ..]) is
            { } odd
        )
            return $"{type} has a property named '{odd.Name}' in JSON; names are Unicode text and begin with no '$'.";

        var names = Members.Select(member => member.Name);
        return
            names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any())
                is { } twice
            ? $"{type} has more than one property named '{twice.Key}' in JSON; rename one."
            : null;
    }
}
