using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Larder.Content.Tensors;

/// <summary>Elements as little-endian bytes and back, on any machine.</summary>
internal static class LittleEndian
{
    /// <summary>The elements as bytes: the very memory, where this machine has them in that order.</summary>
    public static ReadOnlySpan<byte> Of<T>(ReadOnlySpan<T> elements)
        where T : unmanaged => BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(elements) : BytesOf(elements);

    /// <summary>A copy of the elements as bytes.</summary>
    /// <exception cref="ArgumentException">The elements are, or hold, references.</exception>
    public static byte[] BytesOf<T>(ReadOnlySpan<T> elements)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            throw new ArgumentException($"{typeof(T)} has no bytes of its own.", nameof(elements));
        ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(elements));
        var bytes = MemoryMarshal
            .CreateReadOnlySpan(ref first, checked(elements.Length * Unsafe.SizeOf<T>()))
            .ToArray();
        InOrder<T>(bytes);
        return bytes;
    }

    /// <summary>The elements that the bytes hold; there must be whole ones only.</summary>
    public static T[] ElementsOf<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        var elements = new T[bytes.Length / Unsafe.SizeOf<T>()];
        Fill(bytes, elements);
        return elements;
    }

    /// <summary>Writes the elements that the bytes hold where they belong.</summary>
    public static void Fill<T>(ReadOnlySpan<byte> bytes, Span<T> elements)
        where T : unmanaged
    {
        bytes.CopyTo(MemoryMarshal.AsBytes(elements));
        InOrder<T>(MemoryMarshal.AsBytes(elements));
    }

    private static void InOrder<T>(Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
            return;
        for (var rest = bytes; !rest.IsEmpty; rest = rest[Unsafe.SizeOf<T>()..])
            rest[..Unsafe.SizeOf<T>()].Reverse();
    }
}
