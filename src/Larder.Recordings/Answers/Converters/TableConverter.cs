using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Content.Tensors;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Arrays of two dimensions and more, as tensors.</summary>
internal sealed class TableConverter<TTable, T> : JsonConverter<TTable>
    where TTable : class
    where T : unmanaged
{
    private static readonly TensorElement Element =
        TensorElement.Of(typeof(T)) ?? throw new NotSupportedException($"There are no tensors of {typeof(T)}.");

    public override TTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var tensor = TensorDocument.Read(ref reader, options);
        if (tensor.ElementType != Element.Name || tensor.Shape.Count != typeof(TTable).GetArrayRank())
            throw new JsonException(
                $"Expected a {TypeName.Of(typeof(TTable))}, got a tensor of {tensor.ElementType} with {tensor.Shape.Count} dimensions."
            );
        var table = Array.CreateInstance(typeof(T), [.. tensor.Shape.Select(size => checked((int)size))]);
        LittleEndian.Fill(tensor.Bytes.Span, ElementsOf(table));
        return (TTable)(object)table;
    }

    public override void Write(Utf8JsonWriter writer, TTable value, JsonSerializerOptions options)
    {
        var table = (Array)(object)value;
        var shape = new long[table.Rank];
        for (var i = 0; i < shape.Length; i++)
        {
            if (table.GetLowerBound(i) != 0)
                throw new RefusedException(
                    $"its dimension {i} begins at {table.GetLowerBound(i)}, and only 0 comes back"
                );
            shape[i] = table.GetLength(i);
        }
        TensorDocument.Write(
            writer,
            new TensorValue(Element.Name, shape, LittleEndian.BytesOf<T>(ElementsOf(table))),
            options
        );
    }

    private static Span<T> ElementsOf(Array table) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(table)), table.Length);
}
