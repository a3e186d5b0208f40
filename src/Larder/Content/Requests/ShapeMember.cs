using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Content.Requests;

/// <summary>A public property or field that a request tells of.</summary>
[RequiresUnreferencedCode(TypeShape.ReadsProperties)]
internal sealed class ShapeMember
{
    private readonly byte[] _token;
    private readonly Func<object, object?> _read;

    public ShapeMember(MemberInfo member)
    {
        Name =
            member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
            ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
        Type = TypeShape.Unwrap(
            member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType
        );
        _read = Compile(member);
        var writer = new CanonicalJsonWriter();
        writer.WriteString(Name);
        writer.WriteRaw(":"u8);
        _token = writer.ToArray();
    }

    /// <summary>The name in the request: of <c>MaxSteps</c> it is <c>max_steps</c>.</summary>
    public string Name { get; }

    /// <summary>What the member is declared as; of a nullable value, what the value is.</summary>
    public Type Type { get; }

    /// <summary>Writes the name with what follows it, prepared once.</summary>
    public void WriteName(CanonicalJsonWriter output) => output.WriteRaw(_token);

    public object? Read(object owner) => _read(owner);

    private static Func<object, object?> Compile(MemberInfo member)
    {
        var owner = Expression.Parameter(typeof(object));
        var value = Expression.MakeMemberAccess(Expression.Convert(owner, member.DeclaringType!), member);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), owner).Compile();
    }
}
