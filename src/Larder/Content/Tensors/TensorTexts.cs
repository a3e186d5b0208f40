using System.Buffers.Binary;
using System.Text;

namespace Larder.Content.Tensors;

/// <summary>The elements of a tensor of texts as bytes: of each its length in four bytes, little-endian, and its UTF-8.</summary>
internal static class TensorTexts
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The texts as bytes.</summary>
    /// <exception cref="EncoderFallbackException">A text holds half of a surrogate pair, so that it has no UTF-8.</exception>
    public static byte[] BytesOf(ReadOnlySpan<string> texts)
    {
        var size = 0;
        foreach (var text in texts)
            size = checked(size + sizeof(int) + Strict.GetByteCount(text));
        var bytes = new byte[size];
        var rest = bytes.AsSpan();
        foreach (var text in texts)
        {
            var written = Strict.GetBytes(text, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest, written);
            rest = rest[(sizeof(int) + written)..];
        }
        return bytes;
    }

    /// <summary>The texts that the bytes hold.</summary>
    /// <exception cref="FormatException">They are not what <see cref="BytesOf"/> makes.</exception>
    public static string[] TextsOf(ReadOnlySpan<byte> bytes)
    {
        var texts = new List<string>();
        while (!bytes.IsEmpty)
        {
            if (!BinaryPrimitives.TryReadInt32LittleEndian(bytes, out var length))
                throw new FormatException("The bytes of the texts end within a length.");
            bytes = bytes[sizeof(int)..];
            if (length < 0 || length > bytes.Length)
                throw new FormatException($"A text has {length} bytes of {bytes.Length} that are left.");
            try
            {
                texts.Add(Strict.GetString(bytes[..length]));
            }
            catch (DecoderFallbackException e)
            {
                throw new FormatException("A text is not UTF-8.", e);
            }
            bytes = bytes[length..];
        }
        return [.. texts];
    }
}
