using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>A value of a graph while it is converted: in which of two forms it is made, and in which it is wanted.</summary>
internal sealed class HalfValue(string name, int elementType)
{
    private string? _single;
    private string? _half;

    public string Name => name;

    /// <summary>The element type in the old model, by ONNX's number; 0 if it cannot be told.</summary>
    public int ElementType { get; } = elementType;

    public bool IsSingle => ElementType == ElementSize.Float;

    /// <summary>Whether it is a list of tensors or may be missing: then nothing can convert it.</summary>
    public bool IsComposite { get; init; }

    /// <summary>The weight that it is; null for what is an input, or made by a node.</summary>
    public TensorProto? Weight { get; init; }

    /// <summary>Whether it is made as float16.</summary>
    public bool IsMadeHalf { get; set; }

    /// <summary>Whether the float16 form has the name of the value; else the float32 form has it.</summary>
    public bool IsNamedHalf { get; set; }

    /// <summary>Whether something reads it as float16.</summary>
    public bool IsWantedHalf { get; private set; }

    /// <summary>Whether something reads it as float32.</summary>
    public bool IsWantedSingle { get; private set; }

    /// <summary>Says that something reads it.</summary>
    public void Want(bool half)
    {
        IsWantedHalf |= half;
        IsWantedSingle |= !half;
    }

    /// <summary>What one of its forms is called in the new model.</summary>
    public string NameOf(bool half, ValueNames names) =>
        !IsSingle || half == IsNamedHalf ? name
        : half ? _half ??= names.Take($"{name}_float16")
        : _single ??= names.Take($"{name}_float32");
}
