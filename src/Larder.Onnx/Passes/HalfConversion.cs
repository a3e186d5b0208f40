using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>What is the same for all graphs of a model that is converted to float16.</summary>
/// <param name="Document">The model.</param>
/// <param name="Rules">Which nodes are converted.</param>
/// <param name="Names">Names for new values.</param>
/// <param name="Converter">Rounds weights.</param>
/// <param name="Data">Takes the weights that lie outside of the model's file.</param>
/// <param name="CancellationToken">Ends the conversion between two pieces of a weight.</param>
internal sealed record HalfConversion(
    ModelDocument Document,
    HalfRules Rules,
    ValueNames Names,
    HalfConverter Converter,
    DataFile Data,
    CancellationToken CancellationToken
)
{
    /// <summary>Makes float16 of a float32 tensor.</summary>
    public void Convert(TensorProto tensor)
    {
        var content = Document.Content(tensor);
        tensor.DataType = ElementSize.Float16;
        ModelDocument.Replace(
            tensor,
            content.SizeBytes / 2,
            Converter.Convert(content.Pieces(CancellationToken)),
            Data
        );
    }
}
