using System.Diagnostics.CodeAnalysis;

namespace ModelGenerator.Onnx;

/// <summary>The element type of a tensor, numbered as in ONNX's <c>TensorProto.DataType</c>.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The names are ONNX's own.")]
public enum OnnxType
{
    /// <summary>No type: never valid in a model.</summary>
    Undefined = 0,

    /// <summary>32 bits, floating point.</summary>
    Float = 1,

    /// <summary>8 bits, unsigned.</summary>
    UInt8 = 2,

    /// <summary>8 bits, signed.</summary>
    Int8 = 3,

    /// <summary>16 bits, unsigned.</summary>
    UInt16 = 4,

    /// <summary>16 bits, signed.</summary>
    Int16 = 5,

    /// <summary>32 bits, signed.</summary>
    Int32 = 6,

    /// <summary>64 bits, signed.</summary>
    Int64 = 7,

    /// <summary>Text in UTF-8.</summary>
    String = 8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,

    /// <summary>16 bits, floating point.</summary>
    Float16 = 10,

    /// <summary>64 bits, floating point.</summary>
    Double = 11,

    /// <summary>32 bits, unsigned.</summary>
    UInt32 = 12,

    /// <summary>64 bits, unsigned.</summary>
    UInt64 = 13,
}
