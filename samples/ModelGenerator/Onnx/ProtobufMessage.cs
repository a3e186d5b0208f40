using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ModelGenerator.Onnx;

/// <summary>One message of the protobuf wire format, held as parts until it is written.</summary>
/// <remarks>
/// A message is preceded by its length, so the length of every part must be known before the first byte flows;
/// the bytes of a large part need not be: they are produced while writing.
/// </remarks>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly List<(long Length, Action<Stream> Write)> _parts = [];

    /// <summary>The number of bytes that <see cref="WriteTo"/> writes.</summary>
    internal long Length { get; private set; }

    internal void AddInteger(int field, long value)
    {
        AddTag(field, Varint);
        AddVarint((ulong)value);
    }

    internal void AddFloat(int field, float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        AddTag(field, Fixed32);
        AddRaw(bytes);
    }

    internal void AddString(int field, string value) => AddBytes(field, Encoding.UTF8.GetBytes(value));

    internal void AddBytes(int field, byte[] value) => AddBytes(field, value.LongLength, stream => stream.Write(value));

    /// <summary>Adds bytes that <paramref name="write"/> produces when the message is written.</summary>
    internal void AddBytes(int field, long length, Action<Stream> write)
    {
        AddTag(field, LengthDelimited);
        AddVarint((ulong)length);
        Add(length, write);
    }

    internal void AddMessage(int field, ProtobufMessage message) => AddBytes(field, message.Length, message.WriteTo);

    internal void AddPacked(int field, IEnumerable<long> values)
    {
        var packed = new ProtobufMessage();
        foreach (var value in values)
            packed.AddVarint((ulong)value);
        AddMessage(field, packed);
    }

    internal void AddPacked(int field, IReadOnlyList<float> values)
    {
        var packed = new byte[values.Count * sizeof(float)];
        for (var i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(i * sizeof(float)), values[i]);
        AddBytes(field, packed);
    }

    internal void WriteTo(Stream stream)
    {
        foreach (var (_, write) in _parts)
            write(stream);
    }

    private void AddTag(int field, int wireType) => AddVarint((ulong)((field << 3) | wireType));

    private void AddVarint(ulong value)
    {
        var bytes = new byte[Math.Max(1, (70 - BitOperations.LeadingZeroCount(value)) / 7)];
        for (var i = 0; i < bytes.Length; i++, value >>= 7)
            bytes[i] = (byte)(i < bytes.Length - 1 ? value | 0x80 : value);
        AddRaw(bytes);
    }

    private void AddRaw(byte[] bytes) => Add(bytes.Length, stream => stream.Write(bytes));

    private void Add(long length, Action<Stream> write)
    {
        _parts.Add((length, write));
        Length += length;
    }
}
