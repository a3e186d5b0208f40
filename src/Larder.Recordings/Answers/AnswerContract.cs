using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Larder.Recordings.Answers;

/// <summary>Makes the serializer's contracts of types stricter: what would be left out in silence is refused or kept.</summary>
/// <param name="types">The types that may stand for those that they derive from.</param>
internal sealed class AnswerContract(IReadOnlyCollection<Type> types)
{
    private static readonly MethodInfo RefillMethod = typeof(AnswerContract).GetMethod(
        nameof(Refill),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    /// <summary>Changes one contract, as the serializer asks for it.</summary>
    public void Apply(JsonTypeInfo info)
    {
        if (info.Kind == JsonTypeInfoKind.None)
            return;
        if (info.Kind == JsonTypeInfoKind.Object)
        {
            AllowDerived(info);
            foreach (var property in info.Properties)
                AllowRefill(property);
        }
        RefuseOthers(info);
        NoteComparer(info);
    }

    /// <summary>Why a value of a derived type is refused.</summary>
    public static RefusedException Derived(object value, Type declared) =>
        new(
            $"it is a {TypeName.Of(value.GetType())} where {TypeName.Of(declared)} is declared, and would come back as that; "
                + $"add it to {nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Types)}, or declare it"
        );

    // Contracts that name their derived types with JsonDerivedType stay as they are.
    private void AllowDerived(JsonTypeInfo info)
    {
        if (info.PolymorphismOptions is not null || info.Type.IsSealed || info.Type.IsValueType)
            return;
        var derived = types.Where(type => type != info.Type && type.IsAssignableTo(info.Type)).ToArray();
        if (derived.Length == 0)
            return;
        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$type" };
        foreach (var type in derived)
            info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, TypeName.Of(type)));
    }

    // The serializer writes what the declared type shows of a value and drops the rest. A sequence declared by an interface may be
    // of any class, since nothing that the interface shows is lost.
    private static void RefuseOthers(JsonTypeInfo info)
    {
        if (info.Type.IsInterface && info.Kind != JsonTypeInfoKind.Object)
            return;
        var before = info.OnSerializing;
        info.OnSerializing = value =>
        {
            if (value.GetType() != info.Type)
                throw Derived(value, info.Type);
            before?.Invoke(value);
        };
    }

    // What an interface declares as a sequence, nobody looks things up in.
    private static void NoteComparer(JsonTypeInfo info)
    {
        var isInterface = info.Type.IsInterface;
        var isSet =
            info.Type.IsGenericType
            && info.Type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(ISet<>) || definition == typeof(IReadOnlySet<>));
        if (
            info.Kind != JsonTypeInfoKind.Dictionary
            && (info.Kind != JsonTypeInfoKind.Enumerable || (isInterface && !isSet))
        )
            return;
        var before = info.OnSerializing;
        info.OnSerializing = value =>
        {
            before?.Invoke(value);
            ComparerTrace.Note(value, isInterface);
        };
    }

    // `List<T> Items { get; }` is filled where it is, as a person would do it.
    private static void AllowRefill(JsonPropertyInfo property)
    {
        if (property.Get is not { } get || property.Set is not null || property.PropertyType.IsValueType)
            return;
        var collection = property
            .PropertyType.GetInterfaces()
            .Append(property.PropertyType)
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICollection<>));
        if (collection is null || property.PropertyType.IsArray)
            return;
        var refill = RefillMethod
            .MakeGenericMethod(collection.GetGenericArguments())
            .CreateDelegate<Action<object?, object?>>();
        property.Set = (owner, value) => refill(get(owner), value);
    }

    private static void Refill<T>(object? target, object? values)
    {
        // One that cannot be filled comes back empty, which is found when the answer is read again.
        if (target is not ICollection<T> { IsReadOnly: false } collection || values is not IEnumerable<T> items)
            return;
        collection.Clear();
        foreach (var item in items)
            collection.Add(item);
    }
}
