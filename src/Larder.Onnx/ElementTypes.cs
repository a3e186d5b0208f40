using System.Globalization;

namespace Larder.Onnx;

/// <summary>The names of the element types, and their types in .NET.</summary>
internal static class ElementTypes
{
    // Made once: a name is part of every message and of the description of every model.
    private static readonly string[] Names =
    [
        .. Enumerable.Range(0, (int)TensorElementType.UInt64 + 1).Select(value => NameOf((TensorElementType)value)),
    ];

    /// <summary>The name as people write it, such as <c>float32</c>.</summary>
    public static string Name(this TensorElementType type) => Names[(int)type];

    /// <summary>Whether tensors of this type are supported here. Models know a few more, such as bfloat16.</summary>
    public static bool IsSupported(int type) => Enum.IsDefined((TensorElementType)type);

    /// <summary>The element type of tensors of <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">There are no tensors of <typeparamref name="T"/>.</exception>
    public static TensorElementType Of<T>()
    {
        // Comparisons of this form are constants for the JIT: one branch remains for each T.
        if (typeof(T) == typeof(float))
            return TensorElementType.Float32;
        if (typeof(T) == typeof(double))
            return TensorElementType.Float64;
        if (typeof(T) == typeof(Half))
            return TensorElementType.Float16;
        if (typeof(T) == typeof(long))
            return TensorElementType.Int64;
        if (typeof(T) == typeof(int))
            return TensorElementType.Int32;
        if (typeof(T) == typeof(short))
            return TensorElementType.Int16;
        if (typeof(T) == typeof(sbyte))
            return TensorElementType.Int8;
        if (typeof(T) == typeof(ulong))
            return TensorElementType.UInt64;
        if (typeof(T) == typeof(uint))
            return TensorElementType.UInt32;
        if (typeof(T) == typeof(ushort))
            return TensorElementType.UInt16;
        if (typeof(T) == typeof(byte))
            return TensorElementType.UInt8;
        if (typeof(T) == typeof(bool))
            return TensorElementType.Bool;
        if (typeof(T) == typeof(string))
            return TensorElementType.String;
        throw new NotSupportedException(
            $"There are no tensors of {typeof(T)}; use a number type of 8 to 64 bits, bool or string."
        );
    }

    private static string NameOf(TensorElementType type) => type.ToString().ToLower(CultureInfo.InvariantCulture);
}
