using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Reads and changes the types that a model states.</summary>
internal static class HalfTypes
{
    /// <summary>The type of the elements of a tensor, or of the tensors of a list, by ONNX's number; 0 if there is none.</summary>
    public static int ElementType(TypeProto type) =>
        type.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => type.TensorType.ElemType,
            TypeProto.ValueOneofCase.SequenceType when type.SequenceType.ElemType is { } inner => ElementType(inner),
            TypeProto.ValueOneofCase.OptionalType when type.OptionalType.ElemType is { } inner => ElementType(inner),
            _ => 0,
        };

    /// <summary>Makes float16 of float32.</summary>
    public static void Convert(TypeProto? type)
    {
        switch (type?.ValueCase)
        {
            case TypeProto.ValueOneofCase.TensorType when type.TensorType.ElemType == ElementSize.Float:
                type.TensorType.ElemType = ElementSize.Float16;
                break;
            case TypeProto.ValueOneofCase.SequenceType:
                Convert(type.SequenceType.ElemType);
                break;
            case TypeProto.ValueOneofCase.OptionalType:
                Convert(type.OptionalType.ElemType);
                break;
        }
    }
}
