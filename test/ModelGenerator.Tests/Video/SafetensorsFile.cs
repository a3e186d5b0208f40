using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelGenerator.Video;

/// <summary>A safetensors file read by the rules of its format, each of which is checked.</summary>
internal sealed class SafetensorsFile
{
    private readonly Dictionary<string, (long[] Shape, float[] Values)> _tensors = new(StringComparer.Ordinal);

    internal SafetensorsFile(byte[] bytes)
    {
        var length = (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.InRange(length, 2, Math.Min(100_000_000, bytes.Length - 8));
        Assert.Equal((byte)'{', bytes[8]);
        // Numbers that a reader may map without copying them.
        Assert.Equal(0, (8 + length) % 8);
        using var header = JsonDocument.Parse(
            bytes.AsMemory(8, (int)length),
            new JsonDocumentOptions { AllowDuplicateProperties = false }
        );
        var end = 0L;
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (var item in entry.Value.EnumerateObject())
                    Metadata[item.Name] = item.Value.GetString()!;
                continue;
            }
            Assert.Equal("F32", entry.Value.GetProperty("dtype").GetString());
            var shape = Numbers(entry.Value.GetProperty("shape"));
            var offsets = Numbers(entry.Value.GetProperty("data_offsets"));
            Assert.Equal(end, offsets[0]);
            end = offsets[1];
            Assert.Equal(shape.Aggregate(1L, (product, size) => product * size) * sizeof(float), end - offsets[0]);
            var data = bytes.AsSpan((int)(8 + length + offsets[0]), (int)(end - offsets[0]));
            _tensors[entry.Name] = (shape, MemoryMarshal.Cast<byte, float>(data).ToArray());
        }
        Assert.Equal(bytes.Length, 8 + length + end);
    }

    internal SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    internal IEnumerable<string> Names => _tensors.Keys;

    internal (long[] Shape, float[] Values) this[string name] => _tensors[name];

    private static long[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt64())];
}
