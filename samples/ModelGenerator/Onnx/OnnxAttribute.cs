using System.Diagnostics.CodeAnalysis;

namespace ModelGenerator.Onnx;

/// <summary>A named setting of a node, fixed when the model is written.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The names are ONNX's own.")]
public sealed class OnnxAttribute
{
    private const int AttributeName = 1;
    private const int AttributeType = 20;

    // The value's field and its type, as AttributeProto numbers them.
    private static readonly (int Field, int Type) FloatValue = (2, 1);
    private static readonly (int Field, int Type) IntValue = (3, 2);
    private static readonly (int Field, int Type) StringValue = (4, 3);
    private static readonly (int Field, int Type) TensorValue = (5, 4);
    private static readonly (int Field, int Type) GraphValue = (6, 5);
    private static readonly (int Field, int Type) FloatList = (7, 6);
    private static readonly (int Field, int Type) IntList = (8, 7);
    private static readonly (int Field, int Type) StringList = (9, 8);

    private OnnxAttribute(string name, int type)
    {
        Message.AddString(AttributeName, name);
        Message.AddInteger(AttributeType, type);
    }

    internal ProtobufMessage Message { get; } = new();

    /// <summary>A whole number.</summary>
    public static OnnxAttribute Int(string name, long value)
    {
        var attribute = new OnnxAttribute(name, IntValue.Type);
        attribute.Message.AddInteger(IntValue.Field, value);
        return attribute;
    }

    /// <summary>A number.</summary>
    public static OnnxAttribute Float(string name, float value)
    {
        var attribute = new OnnxAttribute(name, FloatValue.Type);
        attribute.Message.AddFloat(FloatValue.Field, value);
        return attribute;
    }

    /// <summary>A text.</summary>
    public static OnnxAttribute String(string name, string value)
    {
        var attribute = new OnnxAttribute(name, StringValue.Type);
        attribute.Message.AddString(StringValue.Field, value);
        return attribute;
    }

    /// <summary>A constant tensor.</summary>
    public static OnnxAttribute Tensor(string name, OnnxTensor value)
    {
        var attribute = new OnnxAttribute(name, TensorValue.Type);
        attribute.Message.AddMessage(TensorValue.Field, value.Message);
        return attribute;
    }

    /// <summary>A graph, such as the body of a loop.</summary>
    public static OnnxAttribute Graph(string name, OnnxWriter value)
    {
        var attribute = new OnnxAttribute(name, GraphValue.Type);
        attribute.Message.AddMessage(GraphValue.Field, value.Graph());
        return attribute;
    }

    /// <summary>A list of whole numbers.</summary>
    public static OnnxAttribute Ints(string name, params IEnumerable<long> values)
    {
        var attribute = new OnnxAttribute(name, IntList.Type);
        attribute.Message.AddPacked(IntList.Field, values);
        return attribute;
    }

    /// <summary>A list of numbers.</summary>
    public static OnnxAttribute Floats(string name, params IReadOnlyList<float> values)
    {
        var attribute = new OnnxAttribute(name, FloatList.Type);
        attribute.Message.AddPacked(FloatList.Field, values);
        return attribute;
    }

    /// <summary>A list of texts.</summary>
    public static OnnxAttribute Strings(string name, params IEnumerable<string> values)
    {
        var attribute = new OnnxAttribute(name, StringList.Type);
        foreach (var value in values)
            attribute.Message.AddString(StringList.Field, value);
        return attribute;
    }
}
