using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Larder.Content.Requests;

/// <summary>What the fields of a type say: whether its properties tell all of its state, and whether that can change.</summary>
[RequiresUnreferencedCode(TypeShape.ReadsProperties)]
internal sealed class TypeState(ValueRules rules)
{
    private const string BackingFieldSuffix = ">k__BackingField";
    private const string AnonymousFieldSuffix = ">i__Field";

    private static readonly HashSet<Type> ImmutableTypes =
    [
        typeof(string),
        typeof(decimal),
        typeof(Guid),
        typeof(DateTime),
        typeof(DateTimeOffset),
        typeof(DateOnly),
        typeof(TimeOnly),
        typeof(TimeSpan),
        typeof(Uri),
        typeof(Digest),
    ];

    /// <summary>A field that holds state which no public property or field shows; null when there is none.</summary>
    public FieldInfo? FindHidden(Type type) =>
        FieldsOf(type).FirstOrDefault(field => !field.IsPublic && !IsShown(field, type));

    /// <summary>Whether nothing that a request tells of an object of this type can ever change.</summary>
    public bool IsImmutable(Type type) => IsImmutable(type, []);

    private bool IsImmutable(Type type, HashSet<Type> asked)
    {
        if (type.IsPrimitive || type.IsEnum || ImmutableTypes.Contains(type) || !asked.Add(type))
            return true;
        if (
            type.IsGenericType
            && (
                Nullable.GetUnderlyingType(type) is not null
                || type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            )
        )
            return IsImmutable(type.GetGenericArguments()[0], asked);

        return type.IsSealed
            && rules.ShapeOf(type).Kind is ShapeKind.Members
            && TypeShape.PropertiesOf(type, rules).All(IsStored)
            && FieldsOf(type).All(field => field.IsInitOnly && IsImmutable(field.FieldType, asked));
    }

    // The fields that matter, those of base classes too: reflection leaves out the private ones of a base.
    private IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        const BindingFlags Own =
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var at = type; at is not null; at = at.BaseType)
        {
            foreach (var field in at.GetFields(Own).Where(field => !IsLeftOut(field)))
                yield return field;
        }
    }

    private bool IsLeftOut(FieldInfo field) =>
        rules.IsLeftOut(field) || (PropertyOf(field) is { } property && rules.IsLeftOut(property));

    // A property of a subclass that takes the place of its base's shows its own field and not the base's.
    private bool IsShown(FieldInfo field, Type type) =>
        PropertyOf(field) is { } property
        && TypeShape
            .PropertiesOf(type, rules)
            .Any(shown => shown.Name == property.Name && shown.DeclaringType == property.DeclaringType);

    private PropertyInfo? PropertyOf(FieldInfo field)
    {
        var suffix =
            rules.ReadsAnonymousTypes && field.Name.EndsWith(AnonymousFieldSuffix, StringComparison.Ordinal)
                ? AnonymousFieldSuffix
                : BackingFieldSuffix;
        return field.Name.StartsWith('<') && field.Name.EndsWith(suffix, StringComparison.Ordinal)
            ? field.DeclaringType!.GetProperty(
                field.Name[1..^suffix.Length],
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
            )
            : null;
    }

    // A property that computes its value may compute another one tomorrow.
    private static bool IsStored(PropertyInfo property) =>
        property.DeclaringType!.GetField(
            $"<{property.Name}{BackingFieldSuffix}",
            BindingFlags.Instance | BindingFlags.NonPublic
        )
            is not null;
}
