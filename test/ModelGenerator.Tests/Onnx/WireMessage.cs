using System.Buffers.Binary;
using System.Text;

namespace ModelGenerator.Onnx;

/// <summary>A protobuf message read back: each field's values in the order in which they were written.</summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    internal WireMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = ReadVarint(ref bytes);
            _fields.Add(((int)(tag >> 3), ReadValue((int)(tag & 7), ref bytes)));
        }
    }

    internal long Integer(int field) => Values<long>(field).Single();

    internal float Float(int field) => Values<float>(field).Single();

    internal byte[] Bytes(int field) => Values<byte[]>(field).Single();

    internal string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    internal IEnumerable<string> Texts(int field) => Values<byte[]>(field).Select(Encoding.UTF8.GetString);

    internal WireMessage Message(int field) => new(Bytes(field));

    internal IEnumerable<WireMessage> Messages(int field) =>
        Values<byte[]>(field).Select(bytes => new WireMessage(bytes));

    internal long[] Packed(int field)
    {
        List<long> values = [];
        ReadOnlySpan<byte> bytes = Bytes(field);
        while (!bytes.IsEmpty)
            values.Add((long)ReadVarint(ref bytes));
        return [.. values];
    }

    internal bool Has(int field) => _fields.Any(entry => entry.Field == field);

    private IEnumerable<T> Values<T>(int field) =>
        _fields.Where(entry => entry.Field == field).Select(entry => (T)entry.Value);

    private static object ReadValue(int wireType, ref ReadOnlySpan<byte> bytes)
    {
        switch (wireType)
        {
            case 0:
                return (long)ReadVarint(ref bytes);
            case 2:
                var length = (int)ReadVarint(ref bytes);
                return Take(length, ref bytes).ToArray();
            case 5:
                return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float), ref bytes));
            default:
                throw new InvalidDataException($"No part of ONNX has wire type {wireType}.");
        }
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(1, ref bytes)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static ReadOnlySpan<byte> Take(int count, ref ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
