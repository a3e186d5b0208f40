using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>The element types of what nodes make, where the model does not say them.</summary>
internal static class ElementTypeRules
{
    /// <summary>The element type of an output, by ONNX's number; 0 if it cannot be told.</summary>
    /// <param name="node">The node, which has no graphs within it.</param>
    /// <param name="output">Which output.</param>
    /// <param name="input">The element types of the node's inputs, 0 for what is not known.</param>
    public static int Of(NodeProto node, int output, Func<int, int> input) =>
        node.Domain switch
        {
            "" or "ai.onnx" => OfOnnx(node, output, input),
            "ai.onnx.ml" => OfMachineLearning(node, output, input),
            "com.microsoft" => OfMicrosoft(node, input),
            _ => 0,
        };

    private static int OfOnnx(NodeProto node, int output, Func<int, int> input) =>
        node.OpType switch
        {
            "Cast" => (int)Attributes.Integer(node, "to", 0),
            "CastLike" or "Where" => input(1),
            "OneHot" => input(2),
            "Constant" => OfConstant(node),
            "ConstantOfShape" => Attributes.Find(node, "value")?.T?.DataType ?? ElementSize.Float,
            "RandomNormal" or "RandomUniform" or "SequenceEmpty" => (int)
                Attributes.Integer(node, "dtype", ElementSize.Float),
            "RandomNormalLike" or "RandomUniformLike" or "EyeLike" or "Bernoulli" => (int)
                Attributes.Integer(node, "dtype", input(0)),
            "Multinomial" => (int)Attributes.Integer(node, "dtype", ElementSize.Int32),
            "BlackmanWindow" or "HammingWindow" or "HannWindow" or "MelWeightMatrix" => (int)
                Attributes.Integer(node, "output_datatype", ElementSize.Float),
            "DequantizeLinear" => (int)Attributes.Integer(node, "output_dtype", 0) is var stated && stated != 0
                ? stated
                : input(1),
            "DynamicQuantizeLinear" => output == 1 ? ElementSize.Float : ElementSize.Int8,
            "QuantizeLinear" or "QLinearConv" or "QLinearMatMul" => ElementSize.Int8,
            "TfIdfVectorizer" => ElementSize.Float,
            "LayerNormalization" when output > 0 => (int)Attributes.Integer(node, "stash_type", ElementSize.Float),
            "TopK" or "Unique" or "MaxPool" when output > 0 => ElementSize.Int64,
            "Dropout" when output > 0 => ElementSize.Bool,
            "ArgMax" or "ArgMin" or "NonMaxSuppression" or "NonZero" or "SequenceLength" or "Shape" or "Size" =>
                ElementSize.Int64,
            "And"
            or "Equal"
            or "Greater"
            or "GreaterOrEqual"
            or "IsInf"
            or "IsNaN"
            or "Less"
            or "LessOrEqual"
            or "Not"
            or "OptionalHasElement"
            or "Or"
            or "RegexFullMatch"
            or "Xor" => ElementSize.Bool,
            // Nearly all others make what they are given.
            _ => input(0),
        };

    private static int OfConstant(NodeProto node) =>
        node.Attribute.FirstOrDefault() switch
        {
            { Name: "value" } tensor => tensor.T?.DataType ?? 0,
            { Name: "sparse_value" } sparse => sparse.SparseTensor?.Values?.DataType ?? 0,
            { Name: "value_float" or "value_floats" } => ElementSize.Float,
            { Name: "value_int" or "value_ints" } => ElementSize.Int64,
            { Name: "value_string" or "value_strings" } => ElementSize.Text,
            _ => 0,
        };

    private static int OfMachineLearning(NodeProto node, int output, Func<int, int> input) =>
        node.OpType switch
        {
            "ArrayFeatureExtractor" or "Binarizer" or "Imputer" or "TreeEnsemble" => input(0),
            "FeatureVectorizer"
            or "LinearRegressor"
            or "Normalizer"
            or "OneHotEncoder"
            or "Scaler"
            or "SVMRegressor"
            or "TreeEnsembleRegressor" => ElementSize.Float,
            "LinearClassifier" or "SVMClassifier" or "TreeEnsembleClassifier" when output == 1 => ElementSize.Float,
            "LinearClassifier" or "SVMClassifier" or "TreeEnsembleClassifier" => ElementSize.Int64,
            "LabelEncoder" when Attributes.Find(node, "values_floats") is not null => ElementSize.Float,
            "LabelEncoder" when Attributes.Find(node, "values_tensor")?.T is { } values => values.DataType,
            "LabelEncoder" => ElementSize.Int64,
            _ => 0,
        };

    // Those that make anything else than they are given have types in the models that the runtime writes.
    private static int OfMicrosoft(NodeProto node, Func<int, int> input) =>
        node.OpType switch
        {
            "Attention" or "BiasGelu" or "FastGelu" or "FusedConv" or "FusedGemm" or "FusedMatMul" or "Gelu" => input(
                0
            ),
            "MultiHeadAttention" or "QuickGelu" or "SkipLayerNormalization" => input(0),
            "Tokenizer" => ElementSize.Text,
            _ => 0,
        };
}
