using System.Collections.Frozen;
using System.Text.Json;

namespace Larder.Content.Tensors;

/// <summary>A type of elements that have a fixed size: its name, and its values in JSON.</summary>
internal abstract class TensorElement(string name, Type type, int sizeBytes)
{
    /// <summary>The name of tensors of texts, whose elements have no fixed size.</summary>
    public const string Text = "string";

    private static readonly TensorElement[] All =
    [
        new NumberElement<float>("float32"),
        new NumberElement<double>("float64"),
        new NumberElement<Half>("float16"),
        new NumberElement<sbyte>("int8"),
        new NumberElement<short>("int16"),
        new NumberElement<int>("int32"),
        new NumberElement<long>("int64"),
        new NumberElement<byte>("uint8"),
        new NumberElement<ushort>("uint16"),
        new NumberElement<uint>("uint32"),
        new NumberElement<ulong>("uint64"),
        new BoolElement(),
    ];

    private static readonly FrozenDictionary<string, TensorElement> ByName = All.ToFrozenDictionary(
        element => element.Name,
        StringComparer.Ordinal
    );

    private static readonly FrozenDictionary<Type, TensorElement> ByType = All.ToFrozenDictionary(element =>
        element.Type
    );

    /// <summary>As people write it, such as <c>float32</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The type in .NET.</summary>
    public Type Type { get; } = type;

    /// <summary>The size of an element.</summary>
    public int SizeBytes { get; } = sizeBytes;

    /// <summary>The type of that name; null when there is none, or its elements have no fixed size.</summary>
    public static TensorElement? Of(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The element type of a type in .NET; null when there is none.</summary>
    public static TensorElement? Of(Type type) => ByType.GetValueOrDefault(type);

    /// <summary>Whether JSON values tell these elements apart to the last bit.</summary>
    public abstract bool IsExactInJson(ReadOnlySpan<byte> elements);

    /// <summary>Writes each element as a value.</summary>
    public abstract void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> elements);

    /// <summary>Reads the value that the reader is at.</summary>
    /// <exception cref="JsonException">It is no such element.</exception>
    public abstract void Read(ref Utf8JsonReader reader, Span<byte> element);
}
