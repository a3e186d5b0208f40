using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Reads the settings of a node.</summary>
internal static class Attributes
{
    public static AttributeProto? Find(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public static long Integer(NodeProto node, string name, long otherwise) =>
        Find(node, name) is { HasI: true } attribute ? attribute.I : otherwise;

    public static void SetInteger(NodeProto node, string name, long value)
    {
        if (Find(node, name) is not { } attribute)
        {
            attribute = new AttributeProto { Name = name };
            node.Attribute.Add(attribute);
        }
        attribute.Type = AttributeProto.Types.AttributeType.Int;
        attribute.I = value;
    }

    /// <summary>Whether a node is an operator of ONNX's own, of that name.</summary>
    public static bool IsOnnx(NodeProto node) => node.Domain is "" or "ai.onnx";
}
