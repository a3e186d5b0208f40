using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Larder.Onnx.Tests.Loras;

/// <summary>Writes safetensors files, right ones and others.</summary>
internal static class LoraBytes
{
    /// <summary>A file of any header and data.</summary>
    public static byte[] File(string header, byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    public static byte[] File(byte[] header, byte[] data, ulong? length = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>A file of tensors of float32.</summary>
    public static byte[] Of(
        IEnumerable<(string Name, long[] Shape, float[] Values)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) =>
        Of(
            tensors.Select(tensor =>
                (tensor.Name, "F32", tensor.Shape, MemoryMarshal.AsBytes<float>(tensor.Values).ToArray())
            ),
            metadata
        );

    public static byte[] Of(
        IEnumerable<(string Name, string Type, long[] Shape, byte[] Bytes)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        var header = new List<string>();
        var data = new List<byte>();
        if (metadata is not null)
            header.Add($"\"__metadata__\":{JsonSerializer.Serialize(metadata)}");
        foreach (var (name, type, shape, bytes) in tensors)
        {
            header.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""
                    {{JsonSerializer.Serialize(name)}}:{"dtype":"{{type}}","shape":[{{string.Join(
                        ",",
                        shape
                    )}}],"data_offsets":[{{data.Count}},{{data.Count + bytes.Length}}]}
                    """
                )
            );
            data.AddRange(bytes);
        }
        return File($"{{{string.Join(",", header)}}}", [.. data]);
    }

    /// <summary>A LoRA of one weight.</summary>
    public static byte[] Lora(
        string weight,
        int rows,
        int rank,
        int columns,
        float[] b,
        float[] a,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => Of([($"{weight}.lora_A", [rank, columns], a), ($"{weight}.lora_B", [rows, rank], b)], metadata);
}
