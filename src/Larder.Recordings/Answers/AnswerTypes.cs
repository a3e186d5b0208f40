using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Larder.Content.Tensors;

namespace Larder.Recordings.Answers;

/// <summary>Looks through a type of answers for what no recording can give back, before any call is made.</summary>
internal sealed class AnswerTypes(JsonSerializerOptions json, RecordedForms forms)
{
    private static readonly HashSet<Type> Keys = [.. PlainTypes.Names];

    private readonly ConcurrentDictionary<Type, Fault?> _known = new();

    /// <summary>Refuses a type that cannot come back as it is.</summary>
    /// <exception cref="NotRecordableException">With the path to the member that cannot.</exception>
    public void Require(Type answer, string method)
    {
        // What stands for a type parameter is known, and looked through, when the method is called.
        if (answer == typeof(void) || answer.ContainsGenericParameters)
            return;
        if (_known.GetOrAdd(answer, type => new Search(json, forms).Find(type, "$")) is { } fault)
            throw new NotRecordableException(
                $"{method} cannot be recorded: its answer is a {TypeName.Of(answer)}, and {fault.Place} is a "
                    + $"{TypeName.Of(fault.Type)}: {fault.Reason}.",
                method
            );
    }

    private sealed record Fault(string Place, Type Type, string Reason);

    private sealed class Search(JsonSerializerOptions json, RecordedForms forms)
    {
        private readonly HashSet<Type> _seen = [];

        public Fault? Find(Type type, string place)
        {
            if (Nullable.GetUnderlyingType(type) is { } underlying)
                return Find(underlying, place);
            if (!_seen.Add(type))
                return null;
            if (forms.All.TryGetValue(type, out var form))
                return Find(form.Form, place);
            if (NeverRecorded(type) is { } reason)
                return new Fault(place, type, reason);
            try
            {
                return FindIn(json.GetTypeInfo(type), place);
            }
            // What the serializer says of a type that it was not made for: several kinds of exceptions, one meaning.
            catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
            {
                return new Fault(place, type, $"{e.Message.TrimEnd('.')}. {Remedy(type)}");
            }
        }

        private static string? NeverRecorded(Type type)
        {
            if (type.IsByRef || type.IsPointer || type.IsByRefLike || type.IsFunctionPointer)
                return "it points into memory of the call, which is gone when it is replayed";
            if (type.IsArray && type.GetArrayRank() > 1 && TensorElement.Of(type.GetElementType()!) is null)
                return "of arrays with several dimensions only those of numbers are recorded; answer an array of arrays";
            if (type == typeof(nint) || type == typeof(nuint))
                return "it is a handle or an address, which means nothing in another process";
            if (type.IsAssignableTo(typeof(Delegate)))
                return "it is code, and recordings hold data";
            if (type.IsAssignableTo(typeof(MemberInfo)) || type == typeof(Assembly) || type == typeof(Module))
                return "it is a part of a program, and recordings hold data";
            if (IsAwaited(type))
                return "it is an answer that is still to come; await it in the method";
            if (type.IsAssignableTo(typeof(Exception)))
                return "it is an exception as a value; throw it, or answer its type and message";
            if (type == typeof(CancellationToken) || type.IsAssignableTo(typeof(WaitHandle)))
                return "it belongs to the running call";
            if (type.IsAssignableTo(typeof(Stream)) && type != typeof(Stream) && type != typeof(MemoryStream))
                return $"a stream comes back as a {nameof(MemoryStream)}; declare {nameof(Stream)}";
            return null;
        }

        private static bool IsAwaited(Type type) =>
            type.IsAssignableTo(typeof(Task))
            || type == typeof(ValueTask)
            || type.GetInterfaces()
                .Append(type)
                .Any(one =>
                    one.IsGenericType
                    && one.GetGenericTypeDefinition() is var definition
                    && (definition == typeof(ValueTask<>) || definition == typeof(IAsyncEnumerable<>))
                );

        private Fault? FindIn(JsonTypeInfo info, string place) =>
            info.Kind switch
            {
                JsonTypeInfoKind.Object => FindInObject(info, place),
                JsonTypeInfoKind.Enumerable => FindInSequence(info, place, "[]"u8),
                JsonTypeInfoKind.Dictionary => FindInSequence(info, place, "{}"u8),
                _ => null,
            };

        private Fault? FindInObject(JsonTypeInfo info, string place)
        {
            if (info.PolymorphismOptions is { } polymorphism)
            {
                foreach (var derived in polymorphism.DerivedTypes.Where(derived => derived.DerivedType != info.Type))
                {
                    if (Find(derived.DerivedType, place) is { } fault)
                        return fault;
                }
            }
            if (info.Type.IsInterface || info.Type.IsAbstract)
                return info.PolymorphismOptions is not null
                    ? null
                    : new Fault(
                        place,
                        info.Type,
                        $"nothing tells what to make of it again. {Remedy(info.Type)}, or name what it may be in "
                            + $"{nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Types)}"
                    );
            if (!info.Type.IsValueType && info.CreateObject is null && info.ConstructorAttributeProvider is null)
                return new Fault(place, info.Type, $"it has no constructor that could be used. {Remedy(info.Type)}");
            if (info.Properties.Count == 0 && HasState(info.Type))
                return new Fault(place, info.Type, $"it shows nothing of what it holds. {Remedy(info.Type)}");
            return FindInMembers(info, place);
        }

        private Fault? FindInMembers(JsonTypeInfo info, string place)
        {
            if (info.ConstructorAttributeProvider is ConstructorInfo constructor && info.CreateObject is null)
            {
                var bound = info.Properties.Count(property => property.AssociatedParameter is not null);
                if (bound != constructor.GetParameters().Length)
                    return new Fault(
                        place,
                        info.Type,
                        $"its constructor asks for what no property of that name and type tells. {Remedy(info.Type)}"
                    );
            }
            foreach (var property in info.Properties)
            {
                // A member that is never written, and one with a converter of its own.
                if (property.Get is null || property.CustomConverter is not null)
                    continue;
                if (Find(property.PropertyType, JsonDifference.Member(place, property.Name)) is { } fault)
                    return fault;
            }
            return null;
        }

        private Fault? FindInSequence(JsonTypeInfo info, string place, ReadOnlySpan<byte> empty)
        {
            if (HasMembers(info.Type))
                return new Fault(
                    place,
                    info.Type,
                    $"it has members beside its items, which would be lost. {Remedy(info.Type)}"
                );
            if (info.KeyType is { } key && !key.IsEnum && !Keys.Contains(key))
                return new Fault(
                    place,
                    info.Type,
                    $"a {TypeName.Of(key)} cannot be the name of a member. {Remedy(info.Type)}"
                );
            if (info.ElementType is { } element && Find(element, $"{place}[*]") is { } fault)
                return fault;
            // The serializer tells whether it can make one only when it does.
            if (info.CreateObject is null)
                JsonSerializer.Deserialize(empty, info);
            return null;
        }

        private static bool HasState(Type type)
        {
            for (var part = type; part is not null; part = part.BaseType)
            {
                const BindingFlags Own =
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                if (part.GetFields(Own).Length > 0)
                    return true;
            }
            return false;
        }

        private static bool HasMembers(Type type) =>
            type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Any(property =>
                    property.GetIndexParameters().Length == 0
                    && property.DeclaringType!.Assembly != typeof(object).Assembly
                    && property.DeclaringType.Namespace?.StartsWith("System.", StringComparison.Ordinal) != true
                    && property.Name
                        is not ("Count" or "Length" or "Keys" or "Values" or "IsReadOnly" or "Comparer" or "Capacity")
                );

        private static string Remedy(Type type) =>
            $"Record another type in its place with {nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Forms)}"
            + (type.IsInterface ? "" : ", or give it a JsonConverter");
    }
}
