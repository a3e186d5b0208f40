using System.Collections.Frozen;
using Larder.Onnx;

namespace Larder.Server.Inference;

/// <summary>The protocol's names of element types.</summary>
internal static class InferenceDatatypes
{
    /// <summary>Texts, or any bytes; only what is UTF-8 has a tensor here.</summary>
    public const string Bytes = "BYTES";

    private static readonly FrozenDictionary<TensorElementType, string> Names = new Dictionary<
        TensorElementType,
        string
    >
    {
        [TensorElementType.Bool] = "BOOL",
        [TensorElementType.UInt8] = "UINT8",
        [TensorElementType.UInt16] = "UINT16",
        [TensorElementType.UInt32] = "UINT32",
        [TensorElementType.UInt64] = "UINT64",
        [TensorElementType.Int8] = "INT8",
        [TensorElementType.Int16] = "INT16",
        [TensorElementType.Int32] = "INT32",
        [TensorElementType.Int64] = "INT64",
        [TensorElementType.Float16] = "FP16",
        [TensorElementType.Float32] = "FP32",
        [TensorElementType.Float64] = "FP64",
        [TensorElementType.String] = Bytes,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, TensorElementType> Types = Names.ToFrozenDictionary(
        pair => pair.Value,
        pair => pair.Key,
        StringComparer.Ordinal
    );

    /// <summary>All of them, for messages.</summary>
    public static string All { get; } = string.Join(", ", Names.Values);

    public static string NameOf(TensorElementType type) => Names[type];

    public static bool TryParse(string name, out TensorElementType type) => Types.TryGetValue(name, out type);
}
