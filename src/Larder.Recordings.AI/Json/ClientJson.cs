using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Json;

/// <summary>The library's own JSON of messages, options and answers, but for what it would lose or what varies by itself.</summary>
internal static class ClientJson
{
    /// <summary>How requests are written.</summary>
    public static JsonSerializerOptions Requests { get; } = Create(ForRequests, JsonNumberHandling.Strict);

    /// <summary>How answers are written and read.</summary>
    public static JsonSerializerOptions Answers { get; } =
        Create(ForAnswers, JsonNumberHandling.AllowNamedFloatingPointLiterals, new ValueConverter());

    /// <summary>Writes what a client answered.</summary>
    /// <exception cref="NotRecordableException">It cannot be written.</exception>
    public static (JsonElement Json, ClientParts Parts) WriteAnswer<T>(T answer)
        where T : class
    {
        var parts = new ClientParts([], []);
        return (Write(answer, "$.answer", parts, () => JsonSerializer.SerializeToElement(answer, Answers)), parts);
    }

    /// <summary>Writes a part of a request.</summary>
    /// <typeparam name="T">What it is declared as; <c>object</c> for the type that it has.</typeparam>
    /// <exception cref="NotRecordableException">It cannot be written.</exception>
    public static JsonObject WriteRequest<T>(T value, string place, ClientParts parts)
        where T : class
    {
        var type = typeof(T) == typeof(object) ? value.GetType() : typeof(T);
        return Write(value, place, parts, () => JsonSerializer.SerializeToNode(value, type, Requests)!.AsObject());
    }

    /// <summary>Reads what <see cref="Answers"/> wrote.</summary>
    /// <exception cref="JsonException">It is not of that type.</exception>
    public static T Read<T>(JsonElement value, ClientParts parts)
        where T : class =>
        parts.Use(() => value.Deserialize<T>(Answers)) ?? throw new JsonException($"null is no {typeof(T).Name}.");

    private static TJson Write<TJson>(object value, string place, ClientParts parts, Func<TJson> serialisation)
    {
        try
        {
            return parts.Use(serialisation);
        }
        // NaN, which JSON has not, is an ArgumentException.
        catch (Exception exception)
            when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new NotRecordableException(
                $"{place}, a {value.GetType().FullName}, cannot be recorded: {exception.Message}",
                place,
                exception
            );
        }
    }

    private static JsonSerializerOptions Create(
        Action<JsonTypeInfo> change,
        JsonNumberHandling numbers,
        params JsonConverter[] converters
    )
    {
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions)
        {
            NumberHandling = numbers,
            TypeInfoResolver = AIJsonUtilities.DefaultOptions.TypeInfoResolver!.WithAddedModifier(change),
            WriteIndented = false,
        };
        foreach (var converter in converters)
            options.Converters.Add(converter);
        options.MakeReadOnly();
        return options;
    }

    private static void ForRequests(JsonTypeInfo type)
    {
        Apart(type);
        // A message's id and time are marks of one conversation: a model is not shown them, and who makes messages makes new ones
        // each run. Ids that answers refer to (of a conversation, of a function's call) count: in replay they come from the
        // recording of the earlier answer, so that the next turn has the same key.
        if (type.Type == typeof(ChatMessage))
            Remove(type, "messageId", "createdAt");
        // A name that begins with $ is one of the core's own in a request, and would be written as $$type.
        if (type.PolymorphismOptions is { } derived)
            derived.TypeDiscriminatorPropertyName = "type";
        if (HidesItsState(type))
        {
            type.OnSerializing = value =>
                throw new NotSupportedException(
                    $"{value.GetType().FullName} shows nothing of its state, so that two of them could not be told apart."
                );
        }
    }

    private static void ForAnswers(JsonTypeInfo type)
    {
        Apart(type);
        if (type.Type == typeof(FunctionCallContent))
        {
            Add(
                type,
                content => ((FunctionCallContent)content).Exception,
                (content, failure) => ((FunctionCallContent)content).Exception = failure
            );
        }
        if (type.Type == typeof(FunctionResultContent))
        {
            Add(
                type,
                content => ((FunctionResultContent)content).Exception,
                (content, failure) => ((FunctionResultContent)content).Exception = failure
            );
        }
    }

    private static void Apart(JsonTypeInfo type)
    {
        if (type.Type == typeof(DataContent))
            Property(type, "uri").CustomConverter = new DataUriConverter();
        if (type.Type == typeof(Embedding<float>))
            Property(type, "vector").CustomConverter = new VectorConverter();
    }

    private static void Add(JsonTypeInfo type, Func<object, Exception?> get, Action<object, Exception?> set)
    {
        Remove(type, "exception");
        var property = type.CreateJsonPropertyInfo(typeof(Exception), "exception");
        property.CustomConverter = new FailureConverter();
        property.Get = get;
        property.Set = (content, failure) => set(content, (Exception?)failure);
        property.ShouldSerialize = (_, failure) => failure is not null;
        type.Properties.Add(property);
    }

    private static void Remove(JsonTypeInfo type, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            type.Properties.Remove(Property(type, name));
    }

    private static JsonPropertyInfo Property(JsonTypeInfo type, string name) =>
        type.Properties.Single(property => property.Name == name);

    // The library's own types without members are told apart by their discriminators.
    private static bool HidesItsState(JsonTypeInfo type) =>
        type.Kind is JsonTypeInfoKind.Object
        && type.Properties.All(property => property.Get is null)
        && type.Type.Assembly != typeof(AIContent).Assembly;
}
