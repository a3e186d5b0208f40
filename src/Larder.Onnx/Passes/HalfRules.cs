using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Which operators can work in float16, and which cannot or should not.</summary>
internal sealed class HalfRules(long operatorSet, IReadOnlySet<string> kept)
{
    // Operators of ONNX that know no float16, or have no kernel for it and no input by which the runtime would see that it has
    // to convert, or whose sums and products leave its range where the result need not.
    private static readonly HashSet<string> Single =
    [
        "Bernoulli",
        "BlackmanWindow",
        "Celu",
        "CumSum",
        "DequantizeLinear",
        "DynamicQuantizeLinear",
        "EyeLike",
        "HammingWindow",
        "HannWindow",
        "LpNormalization",
        "MeanVarianceNormalization",
        "MelWeightMatrix",
        "Multinomial",
        "NonMaxSuppression",
        "QLinearConv",
        "QLinearMatMul",
        "QuantizeLinear",
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Range",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceProd",
        "ReduceSumSquare",
        "TfIdfVectorizer",
    ];

    // Of the runtime's own operators those that are known to be written for float16; all others stay float32.
    private static readonly HashSet<string> Microsoft =
    [
        "Attention",
        "BiasGelu",
        "FastGelu",
        "FusedConv",
        "FusedGemm",
        "FusedMatMul",
        "Gelu",
        "MultiHeadAttention",
        "QuickGelu",
        "SkipLayerNormalization",
    ];

    // Their sums of whole numbers become numbers far beyond 65504 before they are scaled down again.
    private static readonly HashSet<string> Quantized = ["ConvInteger", "MatMulInteger"];

    /// <summary>Why a model with this node cannot be converted; null if it can.</summary>
    public static string? Refuses(NodeProto node) =>
        node.Domain is "com.microsoft.nchwc" or "com.ms.internal.nhwc"
            ? $"is laid out for one kind of processor (operator {node.OpType} of {node.Domain}); "
                + "convert it before 'onnx-optimize' with level 'all', or choose the level 'extended'."
        : Attributes.IsOnnx(node) && Quantized.Contains(node.OpType)
            ? $"computes with whole numbers already (operator {node.OpType}); convert it before it is quantised."
        : null;

    /// <summary>Whether a node works in float32 as before.</summary>
    public bool IsKept(NodeProto node) =>
        kept.Contains(node.OpType)
        || (
            Attributes.IsOnnx(node) ? Single.Contains(node.OpType) || (node.OpType == "IsInf" && operatorSet < 20)
            : node.Domain == "com.microsoft" ? !Microsoft.Contains(node.OpType)
            : true
        );

    /// <summary>Whether an input of a node that works in float16 is float32 all the same.</summary>
    public static bool IsSingleInput(NodeProto node, int input) =>
        Attributes.IsOnnx(node)
        && (
            // The scales, whose place changed with operator set 11.
            (node.OpType == "Resize" && (input == 2 || node.Input.Count == 2 && input == 1))
            || (node.OpType == "Upsample" && input == 1)
        );

    /// <summary>Whether an output of a node that works in float16 is float32 all the same.</summary>
    public static bool IsSingleOutput(NodeProto node, int output) =>
        (node.OpType == "LayerNormalization" && output > 0 && Attributes.Integer(node, "stash_type", 1) == 1)
        || (node.OpType == "SkipLayerNormalization" && output is 1 or 2);
}
