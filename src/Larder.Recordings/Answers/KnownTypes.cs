using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Recordings.Answers;

/// <summary>The types that a value declared as <c>object</c> may have.</summary>
internal sealed class KnownTypes
{
    private static readonly Type[] Others =
    [
        typeof(JsonElement),
        typeof(ReadOnlyMemory<byte>),
        typeof(Memory<byte>),
        typeof(ReadOnlyMemory<float>),
        typeof(RecordedTensor),
        typeof(RecordedImage),
        typeof(RecordedAudio),
        typeof(FileInfo),
        typeof(DirectoryInfo),
    ];

    private readonly Dictionary<string, Type> _byName = [];
    private readonly HashSet<Type> _types = [];

    public KnownTypes(RecordingsOptions options)
    {
        foreach (var type in PlainTypes.Values.Append(typeof(object)))
        {
            // A bare object is nothing that could be written.
            if (type != typeof(object))
                Add(type);
            Add(type.MakeArrayType());
            Add(typeof(List<>).MakeGenericType(type));
            Add(typeof(Dictionary<,>).MakeGenericType(typeof(string), type));
        }
        foreach (var type in Others.Concat(options.Types).Concat(options.Forms.All.Keys))
            Add(type);
        _byName[TypeName.Of(typeof(JsonNode))] = typeof(JsonNode);
    }

    /// <summary>The type of that name; null when it is none of them.</summary>
    public Type? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What to write a value as; null when it is none of them.</summary>
    public Type? TypeFor(object value)
    {
        // The classes of nodes are many, and some not public.
        if (value is JsonNode)
            return typeof(JsonNode);
        return _types.Contains(value.GetType()) ? value.GetType() : null;
    }

    private void Add(Type type)
    {
        if (!_types.Add(type))
            return;
        if (!_byName.TryAdd(TypeName.Of(type), type))
            throw new RecordingException(
                $"Two types are called {TypeName.Of(type)}: one of the two must leave {nameof(RecordingsOptions)}."
                    + $"{nameof(RecordingsOptions.Types)}, since a recording tells them by name."
            );
    }
}
