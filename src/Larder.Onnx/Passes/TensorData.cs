using Google.Protobuf;
using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Takes the elements out of a tensor and puts others in.</summary>
internal static class TensorData
{
    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>Gives a tensor elements that lie in the model's own file.</summary>
    public static void Set(TensorProto tensor, ByteString elements)
    {
        Clear(tensor);
        tensor.RawData = elements;
    }

    /// <summary>Leaves a tensor its name, its type and its dimensions.</summary>
    public static void Clear(TensorProto tensor)
    {
        tensor.FloatData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.DoubleData.Clear();
        tensor.Uint64Data.Clear();
        tensor.ClearRawData();
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();
    }
}
