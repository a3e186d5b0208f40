using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Larder.Content;
using Larder.Content.Requests;
using Larder.Content.Tensors;

namespace Larder.Recordings.Requests;

/// <summary>Arrays of numbers: short ones as lists, that a person can read; long ones and those with a shape by their content.</summary>
internal static class ArrayForms
{
    /// <summary>Longer lists are written by their digest.</summary>
    public const int MaxListed = 64;

    private static readonly HashSet<Type> Holders =
    [
        typeof(List<>),
        typeof(ImmutableArray<>),
        typeof(Memory<>),
        typeof(ReadOnlyMemory<>),
        typeof(ArraySegment<>),
    ];

    /// <summary>How values of the type are written; null when they are no arrays of numbers.</summary>
    public static ValueForm? Of(Type type)
    {
        var element = type switch
        {
            { IsArray: true } => type.GetElementType()!,
            { IsGenericType: true } when Holders.Contains(type.GetGenericTypeDefinition()) =>
                type.GetGenericArguments()[0],
            _ => null,
        };
        if (element is null || TensorElement.Of(element) is null)
            return type is { IsArray: true, IsSZArray: false } ? RefuseShape : null;

        var name = type is { IsArray: true, IsSZArray: false } ? nameof(WriteShaped) : nameof(WriteList);
        return typeof(ArrayForms)
            .GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(element)
            .CreateDelegate<ValueForm>();
    }

    private static bool WriteList<T>(RequestWriter request, object value, Type? declared)
        where T : unmanaged
    {
        if (value is ImmutableArray<T> { IsDefault: true })
            throw request.Refused($"The {value.GetType()} was never made; give an empty one.");

        var items = ItemsOf<T>(value);
        if (typeof(T) == typeof(byte))
            ContentForms.WriteBytes(request, MemoryMarshal.AsBytes(items));
        else if (items.Length > MaxListed)
            WriteTensor(request, [items.Length], items);
        else
            WriteItems(request, items, IsKnown(request, declared, value.GetType(), typeof(T)) ? typeof(T) : null);
        return true;
    }

    private static void WriteItems<T>(RequestWriter request, ReadOnlySpan<T> items, Type? element)
        where T : unmanaged
    {
        var writer = new ValueWriter(request);
        request.Enter("["u8);
        for (var i = 0; i < items.Length; i++)
        {
            request.At(i);
            request.WriteComma(i);
            writer.Write(items[i], element);
        }
        request.Leave("]"u8);
    }

    private static bool IsKnown(RequestWriter request, Type? declared, Type type, Type element) =>
        declared == type || (declared is not null && request.Rules.ShapeOf(declared).Element == element);

    // By the exact type: an sbyte[] passes for a byte[].
    private static ReadOnlySpan<T> ItemsOf<T>(object value) =>
        value switch
        {
            List<T> list => CollectionsMarshal.AsSpan(list),
            ImmutableArray<T> array => array.AsSpan(),
            Memory<T> memory => memory.Span,
            ReadOnlyMemory<T> memory => memory.Span,
            ArraySegment<T> segment => segment.AsSpan(),
            _ => (T[])value,
        };

    private static bool WriteShaped<T>(RequestWriter request, object value, Type? _)
        where T : unmanaged
    {
        var array = (Array)value;
        var shape = new long[array.Rank];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = array.GetLength(i);
            if (array.GetLowerBound(i) != 0)
                throw request.Refused(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The array begins at {array.GetLowerBound(i)}; give one that begins at 0."
                    )
                );
        }
        var items = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)),
            array.Length
        );
        WriteTensor(request, shape, items);
        return true;
    }

    private static void WriteTensor<T>(RequestWriter request, long[] shape, ReadOnlySpan<T> items)
        where T : unmanaged =>
        ContentForms.WriteTensor(request, TensorElement.Of(typeof(T))!.Name, shape, Digest.Of(LittleEndian.Of(items)));

    private static bool RefuseShape(RequestWriter request, object value, Type? declared) =>
        throw request.Refused(
            $"A {value.GetType()} would lose its shape: only arrays of numbers can have several dimensions. Give an array of arrays."
        );
}
