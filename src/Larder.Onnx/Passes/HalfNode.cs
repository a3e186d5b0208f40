using System.Runtime.InteropServices;
using Google.Protobuf;
using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>A node of a graph that is converted to float16, with the values that its names stand for.</summary>
/// <param name="Node">The node, which is changed in its place.</param>
/// <param name="IsKept">Whether it works in float32 as before.</param>
/// <param name="Inputs">What it reads; null for what is left out or not known.</param>
/// <param name="IsHalf">For each input, whether it is read as float16 if it has been float32.</param>
/// <param name="Outputs">What it makes; null for what is left out.</param>
/// <param name="Bodies">The graphs within it.</param>
internal sealed record HalfNode(
    NodeProto Node,
    bool IsKept,
    IReadOnlyList<HalfValue?> Inputs,
    IReadOnlyList<bool> IsHalf,
    IReadOnlyList<HalfValue?> Outputs,
    IReadOnlyList<HalfGraph> Bodies
)
{
    public void Rewrite(HalfConversion conversion)
    {
        for (var i = 0; i < Inputs.Count; i++)
            Node.Input[i] = Inputs[i]?.NameOf(IsHalf[i], conversion.Names) ?? Node.Input[i];
        for (var i = 0; i < Outputs.Count; i++)
            Node.Output[i] = Outputs[i]?.NameOf(Outputs[i]!.IsMadeHalf, conversion.Names) ?? Node.Output[i];
        foreach (var body in Bodies)
            body.Rewrite();
        if (!IsKept && Attributes.IsOnnx(Node))
            ConvertSettings(conversion);
    }

    private void ConvertSettings(HalfConversion conversion)
    {
        switch (Node.OpType)
        {
            case "Cast" when Attributes.Integer(Node, "to", 0) == ElementSize.Float:
                Attributes.SetInteger(Node, "to", ElementSize.Float16);
                break;
            case "SequenceEmpty" when Attributes.Integer(Node, "dtype", ElementSize.Float) == ElementSize.Float:
                Attributes.SetInteger(Node, "dtype", ElementSize.Float16);
                break;
            case "ConstantOfShape" when Attributes.Find(Node, "value") is null:
                SetValue([1], [0]);
                break;
            case "Constant" when Attributes.Find(Node, "value_float") is { } single:
                SetValue([], [single.F]);
                break;
            case "Constant" when Attributes.Find(Node, "value_floats") is { } list:
                SetValue([list.Floats.Count], list.Floats);
                break;
            case "Constant"
                when Attributes.Find(Node, "sparse_value")?.SparseTensor?.Values?.DataType == ElementSize.Float:
                throw conversion.Document.Refuse(
                    $"has the sparse constant '{Node.Output[0]}'; run 'onnx-optimize' before, which writes it out."
                );
        }
        if (
            Node.OpType is "Constant" or "ConstantOfShape"
            && Attributes.Find(Node, "value")?.T is { DataType: ElementSize.Float } tensor
        )
            conversion.Convert(tensor);

        // In the same place: a Constant has no other attribute than its value.
        void SetValue(IEnumerable<long> shape, IEnumerable<float> values)
        {
            var value = new TensorProto { DataType = ElementSize.Float };
            value.Dims.AddRange(shape);
            value.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.ToArray().AsSpan()));
            Node.Attribute.Clear();
            Node.Attribute.Add(
                new AttributeProto
                {
                    Name = "value",
                    Type = AttributeProto.Types.AttributeType.Tensor,
                    T = value,
                }
            );
        }
    }
}
