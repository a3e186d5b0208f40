using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelGenerator.Video;

/// <summary>Writes tensors in the safetensors format: the header's length, the header as JSON, the numbers.</summary>
internal static class Safetensors
{
    // The numbers then begin where a reader may map them.
    private const int Alignment = 8;

    internal static byte[] Write(
        IReadOnlyList<(string Name, long[] Shape, float[] Values)> tensors,
        IReadOnlyList<(string Key, string Value)> metadata
    )
    {
        var header = Header(tensors, metadata);
        var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        using var stream = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
        stream.Write(length);
        stream.Write(header);
        for (var i = header.Length; i < padded; i++)
            stream.WriteByte((byte)' ');
        // The format wants little-endian, which is how every machine that .NET 10 runs on holds numbers.
        foreach (var (_, _, values) in tensors)
            stream.Write(MemoryMarshal.AsBytes<float>(values));
        return stream.ToArray();
    }

    private static byte[] Header(
        IReadOnlyList<(string Name, long[] Shape, float[] Values)> tensors,
        IReadOnlyList<(string Key, string Value)> metadata
    )
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            var begin = 0L;
            foreach (var (name, shape, values) in tensors)
            {
                var end = begin + values.Length * sizeof(float);
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", shape);
                WriteNumbers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
