using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Larder.Content.Requests;

/// <summary>What values mean to whoever makes requests of them: which members do not matter, and how faults are told.</summary>
/// <param name="subject">What values are part of, such as <c>configuration</c>.</param>
/// <param name="dependent">What depends on it, such as <c>graph</c>.</param>
/// <param name="leftOut">The attribute on members that nothing depends on.</param>
internal sealed class ValueRules(string subject, string dependent, Type leftOut)
{
    // Weak, so that a plug-in's types can be unloaded.
    private readonly ConditionalWeakTable<Type, TypeShape> _shapes = [];

    public string Subject { get; } = subject;

    public string Dependent { get; } = dependent;

    /// <summary>Types whose members are left out without the attribute.</summary>
    public Predicate<Type> LeavesOut { get; init; } = static _ => false;

    /// <summary>What else can be done about a type that is refused, as the end of a sentence.</summary>
    public string OtherRemedy { get; init; } = "";

    /// <summary>Whether objects of anonymous types are read, whose names the next compilation may change.</summary>
    public bool ReadsAnonymousTypes { get; init; }

    /// <summary>The attribute as it is written in C#.</summary>
    public string Mark { get; } = $"[{leftOut.Name[..^nameof(Attribute).Length]}]";

    /// <summary>What is to be known of a type; found out once.</summary>
    [RequiresUnreferencedCode(TypeShape.ReadsProperties)]
    public TypeShape ShapeOf(Type type) =>
        // No closure is made when the type is known already.
        _shapes.TryGetValue(type, out var known)
            ? known
            : Add(type);

    /// <summary>Whether nothing depends on a property.</summary>
    public bool IsLeftOut(PropertyInfo property) =>
        property.IsDefined(leftOut, inherit: true) || LeavesOut(property.PropertyType);

    /// <summary>Whether nothing depends on a field, were it shown.</summary>
    public bool IsLeftOut(FieldInfo field) => field.IsDefined(leftOut) || LeavesOut(field.FieldType);

    [RequiresUnreferencedCode(TypeShape.ReadsProperties)]
    private TypeShape Add(Type type) => _shapes.GetValue(type, one => new TypeShape(one, this));
}
